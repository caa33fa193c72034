import Core
import Foundation
import Testing

@testable import Commands

@Suite("The manual page")
struct ManualPageTests {
  @Test func `it has every command, and every option of each`() async throws {
    let page = await waybill("--generate-manual-page")
    #expect(page.code == .done && page.error.isEmpty)
    let text = page.output
    for name in CommandNames.known where !["help", "runs", "journal"].contains(name) {
      #expect(text.contains("\n.SS \"waybill \(name)\"\n"), "\(name)")
    }
    #expect(text.contains("\n.SS \"waybill runs show\"\n") && text.contains("\n.SS \"waybill journal export\"\n"))
    for option in ["group\\-by", "watch", "accept\\-gate", "no\\-color", "quiet", "help"] {
      #expect(text.contains("\\fB\\-\\-\(option)\\fR"), "\(option)")
    }
    // Common options are described once.
    #expect(text.ranges(of: "\\fB\\-\\-log\\-format\\fR").count == 1)
  }

  @Test func `every line of it is a request or plain text`() async throws {
    let requests: Set = [".TH", ".SH", ".SS", ".TP", ".PP", ".nf", ".fi", ".B"]
    for line in await waybill("--generate-manual-page").output.split(separator: "\n") {
      if line.hasPrefix(".") { #expect(requests.contains(String(line.prefix { $0 != " " })), "\(line)") }
      #expect(!line.hasPrefix("'") && line.utf8.allSatisfy { $0 < 0x80 }, "\(line)")
    }
  }
}
