import Control
import Core
import Files
import Foundation
import Records
import TestSupport
import Testing

@testable import Report

/// What a dry run would do, as files for people and programs.
@Suite struct ChangeListWriterTests {
  private let folder = TemporaryFolder()
  private let part = RunPart(mapping: "contacts", destination: "app")
  private var base: String { "\(folder.path)/contacts" }
  private var log: String { "\(folder.path)/contacts.changes" }

  private func write(_ items: [(Outcome, String?)], _ entries: [(UInt64, Outcome, JSONValue)]) throws -> (
    lines: [String], rows: String, sample: ChangeSample
  ) {
    var (bytes, keys): ([UInt8], String) = ([], "")
    for (index, item) in items.enumerated() {
      keys += item.1 ?? ""
      let entry = ItemLog.Entry(
        line: index + 1, stagedEnd: 0, ledgerEnd: 0, keyEnd: keys.utf8.count, element: -1,
        code: item.0 == .rejected ? .emailInvalid : nil, outcome: item.0, kind: .record)
      entry.append(to: &bytes)
    }
    try Data(bytes).write(to: URL(filePath: ItemLog.itemsPath(base)))
    try Data(keys.utf8).write(to: URL(filePath: ItemLog.keysPath(base)))
    let writer = try ChangeLogWriter(path: log)
    for entry in entries { try writer.append(entry.0, entry.1, entry.2) }
    try writer.commit()
    let list = ChangeListWriter(
      list: "\(folder.path)/changes.ndjson", table: "\(folder.path)/changes.csv", ledger: "\(folder.path)/none")
    let sample = try list.write([.init(part, base: base, counts: MappingCounts("contacts", read: items.count), log: log)])
    let text = try #require(folder.read("changes.ndjson"))
    return (text.split(separator: "\n").map(String.init), try #require(folder.read("changes.csv")), sample)
  }

  private func details(_ text: String) throws -> JSONValue { try JSONReader.read(text) }

  @Test func `each item is listed once, in the order of the input, and removals come last`() throws {
    let (lines, rows, sample) = try write(
      [(.written, "c1"), (.rejected, "c2"), (.written, "c3"), (.filtered, nil), (.written, "c5")],
      [
        // Not in the order of the records.
        (2, .unchanged, try details(#"{"key":"k5"}"#)),
        (
          0, .updated,
          try details(
            #"{"key":"k1","fields":[{"field":"a","old":1,"new":"=2"},{"field":"b","not_kept":true},{"field":"c","new":null}]}"#)
        ),
        (ChangeLog.removal, .removed, try details(#"{"key":"k9"}"#)),
        (1, .created, try details(#"{"key":"k3","fields":[{"field":"a","new":1}]}"#)),
      ])
    let start = #"{"mapping":"contacts","destination":"app","#
    #expect(
      lines == [
        start
          + #""record":"c1","line":1,"key":"k1","outcome":"updated","fields":[{"field":"a","old":1,"new":"=2"},{"field":"b","not_kept":true},{"field":"c","new":null}]}"#,
        start + #""record":"c2","line":2,"outcome":"rejected","code":"email-invalid"}"#,
        start + #""record":"c3","line":3,"key":"k3","outcome":"created","fields":[{"field":"a","new":1}]}"#,
        start + #""line":4,"outcome":"filtered"}"#, start + #""record":"c5","line":5,"key":"k5","outcome":"unchanged"}"#,
        start + #""key":"k9","outcome":"removed"}"#,
      ])
    #expect(
      rows == """
        mapping,destination,record,line,key,outcome,change,field,old,new,code,reason
        contacts,app,c1,1,k1,updated,,a,1,'=2,,
        contacts,app,c1,1,k1,updated,,b,not kept,(none),,
        contacts,app,c1,1,k1,updated,,c,(none),null,,
        contacts,app,c2,2,,rejected,,,,,email-invalid,
        contacts,app,c3,3,k3,created,,,,,,
        contacts,app,,4,,filtered,,,,,,
        contacts,app,c5,5,k5,unchanged,,,,,,
        contacts,app,,,k9,removed,,,,,,

        """)
    #expect(sample.count == 4 && sample.shown.map(\.kind) == [.created, .updated, .removed, .rejected])
  }

  @Test func `a log that is damaged or of another kind is refused`() throws {
    for text in ["", "changes 2\n", "changes 1\n12345", "changes 1\n" + String(repeating: "\u{1}", count: 21)] {
      try folder.write("contacts.changes", text)
      #expect(throws: OperationFailure.self) { try ChangeLogReader(path: log).forEachRemoval { _ in } }
    }
  }

  @Test func `entries out of order are found in a log, compressed or not`() throws {
    let writer = try ChangeLogWriter(path: log)
    let order = (0..<500).reversed().map { UInt64($0) }
    for ordinal in order {
      try writer.append(ordinal, .created, fingerprint: ordinal, try details(#"{"key":"k\#(ordinal)"}"#))
      if ordinal == 250 { try writer.append(ChangeLog.removal, .removed, try details(#"{"key":"gone"}"#)) }
    }
    try writer.commit()
    for isCompressed in [false, true] {
      if isCompressed {
        try GzipFile.compress(log, to: log + KeptFile.suffix)
        try FileManager.default.removeItem(atPath: log)
      }
      let reader = try ChangeLogReader(path: log)
      for ordinal in 0..<500 {
        let entry = try reader.entry(of: UInt64(ordinal))
        #expect(entry?.fingerprint == UInt64(ordinal) && entry?.details["key"]?.stringValue == "k\(ordinal)")
      }
      #expect(try reader.entry(of: 500) == nil)
      var gone: [String] = []
      try reader.forEachRemoval { gone.append($0.text) }
      #expect(gone == [#"{"key":"gone"}"#])
    }
  }

  @Test func `more records than a terminal shows are only counted`() throws {
    let (_, _, sample) = try write(
      (0..<50).map { (.written, "c\($0)") }, try (0..<50).map { (UInt64($0), .created, try details(#"{"key":"k\#($0)"}"#)) })
    #expect(sample.count == 50 && sample.shown.count == 20)
  }
}
