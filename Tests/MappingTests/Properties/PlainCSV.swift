/// Rows of RFC 4180 text, read by a reader of the tests' own.
struct PlainCSV {
  struct Cell: Equatable {
    var text: String
    var isQuoted: Bool
  }

  private(set) var rows: [[Cell]] = []

  struct Fault: Error { var offset: Int }

  init(_ text: String) throws {
    let bytes = Array(text.utf8)
    var at = 0
    var row: [Cell] = []
    while at < bytes.count {
      var cell: [UInt8] = []
      let isQuoted = bytes[at] == UInt8(ascii: "\"")
      if isQuoted {
        at += 1
        while true {
          guard at < bytes.count else { throw Fault(offset: at) }
          if bytes[at] != UInt8(ascii: "\"") {
            cell.append(bytes[at])
            at += 1
          } else if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "\"") {
            cell.append(bytes[at])
            at += 2
          } else {
            at += 1
            break
          }
        }
      } else {
        while at < bytes.count, bytes[at] != UInt8(ascii: ","), bytes[at] != 0x0A {
          guard bytes[at] != UInt8(ascii: "\""), bytes[at] != 0x0D else { throw Fault(offset: at) }
          cell.append(bytes[at])
          at += 1
        }
      }
      row.append(Cell(text: String(decoding: cell, as: UTF8.self), isQuoted: isQuoted))
      guard at < bytes.count else { throw Fault(offset: at) }
      if bytes[at] == 0x0A {
        rows.append(row)
        row = []
      } else {
        guard bytes[at] == UInt8(ascii: ",") else { throw Fault(offset: at) }
        // A row that ends in a comma has one cell more.
        if at + 1 < bytes.count, bytes[at + 1] == 0x0A {
          row.append(Cell(text: "", isQuoted: false))
          rows.append(row)
          row = []
          at += 1
        }
      }
      at += 1
    }
  }
}
