import Core
import Testing

@testable import Workbench

@Suite("Date formats of a sample")
struct DateShapeTests {
  private func guess(_ texts: [String], isDate: Bool) -> DateGuess {
    var field = FieldProfile(path: ["a"])
    let probe = DateProbe()
    for text in texts { field.take(.string(text), dates: probe) }
    return DateGuess(field, isDate: isDate)
  }

  @Test(arguments: [
    (["2024-03-10", "2023-12-31"], "iso"), (["25/12/1990", "03/04/1991"], "d/M/yyyy"),
    (["12/25/1990", "03/04/1991"], "M/d/yyyy"),
    (["31.12.2020", "1.2.2021"], "d.M.yyyy"), (["10 Mar 2024"], "d MMM yyyy"), (["March 10, 2024"], "MMMM d, yyyy"),
    (["2024/03/10", "2024/12/31"], "yyyy/M/d"), (["20240131"], "yyyyMMdd"), (["1710073800"], "epoch_s"),
    (["1710073800000"], "epoch_ms"),
  ])
  func `One format that reads every value is chosen`(texts: [String], format: String) {
    #expect(guess(texts, isDate: true).chosen?.format == format)
  }

  @Test(arguments: [
    ["03/04/1990", "05/06/1985"], ["01/01/2020"], ["25/12/1990", "12/25/1990"], ["2024-03-10", "03/25/2024"],
    ["03/25/2024", "soon"],
    ["01/02/03"], ["03.04.2024 10:30"], ["31/31/2024"], ["2024-13-45"],
  ])
  func `If several formats read every value, or none does, none is chosen`(texts: [String]) {
    let guess = guess(texts, isDate: true)
    #expect(guess.chosen == nil, "\(guess.shares)")
  }

  @Test func `Both readings are named with their shares`() {
    #expect(guess(["03/04/1990", "05/06/1985"], isDate: true).shares == "M/d/yyyy reads 100 %, d/M/yyyy reads 100 %")
    let mixed = guess(["03/25/1990", "03/04/1990", "05/06/1985", "25/06/1985"], isDate: true)
    #expect(mixed.shares == "M/d/yyyy reads 75 %, d/M/yyyy reads 75 %")
    #expect(guess(["soon", "later"], isDate: true).shares == "no date format reads any of its values")
  }

  @Test func `A moment without an offset is local, one with an offset is not`() {
    #expect(guess(["2024-03-10 12:30:00"], isDate: false).chosen?.local == 1)
    #expect(guess(["2024-03-10T12:30:00Z"], isDate: false).chosen?.local == 0)
    #expect(guess(["25/12/2024 10:00 +01:00"], isDate: false).chosen == .init(format: "d/M/yyyy H:mm XXX", count: 1, local: 0))
    #expect(guess(["12/25/2024 9:05 PM"], isDate: false).chosen?.format == "M/d/yyyy h:mm a")
  }
}
