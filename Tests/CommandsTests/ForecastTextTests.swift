import Control
import Core
import Report
import Testing

@testable import Commands

/// What a terminal shows of a dry run's changes.
@Suite struct ForecastTextTests {
  private func sample(_ lines: [String]) throws -> ChangeSample {
    var sample = ChangeSample()
    for line in lines { sample.add(try JSONReader.read(line)) }
    return sample
  }

  private func line(_ rest: String, _ destination: String = "app") -> String {
    #"{"mapping":"contacts","destination":"\#(destination)",\#(rest)}"#
  }

  private var summary: RunSummary { RunSummary(run: "r1", pipeline: "p", started: "2026-12-01T00:00:00Z") }

  @Test func `records are listed by kind, field by field`() throws {
    let text = ForecastText.text(
      of: try sample([
        line(
          #""record":"c40","line":1,"outcome":"rejected","code":"email-invalid","field":"email","reason":"'email': not an e-mail address""#
        ),
        line(
          #""record":"c17","key":"c17","outcome":"updated","fields":[{"field":"email","old":"xxx","new":"xxxx"},{"field":"phone","not_kept":true,"new":"…2671"},{"field":"segment","old":"vip"}]"#
        ),
        line(#""record":"c5001","key":"c5001","outcome":"created","fields":[{"field":"email","new":"xxx"}]"#),
        line(#""record":"c2","key":"c2","outcome":"unchanged""#),
        line(#""record":"c3","key":"c3","outcome":"unchanged","drift":[{"field":"status","expected":"active","found":null}]"#),
        line(#""record":"c4","key":"c4","outcome":"unchanged","missing":true"#),
        line(#""record":"c6","key":"c6","outcome":"updated","why":"requests","fields":[]"#),
        line(#""key":"c9","outcome":"removed""#, "files"),
        line(
          #""record":"c7","key":"c7","outcome":"written","change":"changed","fields":[{"field":null,"old":"<hidden>"}]"#, "files"),
      ]), summary, fitting: 80)
    #expect(
      text
        == """

        contacts at app
          created   c5001
          updated   c17    email    xxx -> xxxx
                           phone    not kept -> …2671
                           segment  vip -> (none)
          updated   c6     no field changes, but its requests have changed
          drift     c3     status  active -> null
          drift     c4     it is no longer there
          rejected  c40    email-invalid: 'email': not an e-mail address

        contacts at files
          updated  c7  (a field of an earlier mapping)  <hidden> -> (none)
          removed  c9

        """)
  }

  @Test func `what does not fit is cut, and the rest is counted`() throws {
    let long = String(repeating: "長", count: 60)
    let lines = (0..<23).map {
      line(
        #""record":"c\#($0)","key":"c\#($0)","outcome":"updated","fields":[{"field":"name","old":"\#(long)","new":"\u001b[31m"}]"#
      )
    }
    let text = ForecastText.text(of: try sample(lines), summary, fitting: 40)
    for row in text.split(separator: "\n").dropLast() { #expect(CellWidth.of(String(row)) <= 40, "\(row)") }
    #expect(text.hasSuffix("and 3 more, in changes.ndjson and changes.csv\n") && !text.contains("\u{1B}"))
  }

  @Test(arguments: [
    (1, "1 unchanged record of 'contacts' differs at 'app', and a run leaves it as it is"),
    (1_200, "1,200 unchanged records of 'contacts' differ at 'app', and a run leaves them as they are"),
  ])
  func `drift is counted`(count: Int, sentence: String) throws {
    var summary = summary
    summary.forecast = [.init(part: RunPart(mapping: "contacts", destination: "app"), counts: OutcomeCounts(), drift: count)]
    #expect(ForecastText.text(of: try sample([]), summary, fitting: nil) == sentence + "\n")
  }
}
