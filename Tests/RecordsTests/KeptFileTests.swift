import Core
import Files
import Foundation
import TestSupport
import Testing

@testable import Records

/// Files that may have been compressed since they were written.
@Suite struct KeptFileTests {
  private let folder = TemporaryFolder()
  private var path: String { "\(folder.path)/kept" }

  private func content() throws -> String {
    var input = try KeptFile.input(path)
    var bytes: [UInt8] = []
    while true {
      var piece = [UInt8](repeating: 0, count: 7)
      let count = try piece.withUnsafeMutableBufferPointer { buffer in
        try buffer.baseAddress.map { try input.read(into: $0, count: buffer.count) } ?? 0
      }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += piece[..<count]
    }
  }

  @Test(arguments: ["", "a", String(repeating: "line é\n", count: 50_000)])
  func `a file reads the same before, during and after its compression`(_ text: String) throws {
    #expect(!KeptFile.exists(path))
    try folder.write("kept", text)
    #expect(try content() == text && KeptFile.exists(path))
    try GzipFile.compress(path, to: path + ".gz")
    #expect(try content() == text)
    FileRemoval.file(path)
    #expect(try content() == text && KeptFile.exists(path))
  }

  @Test func `bytes that look compressed are read as they are`() throws {
    try Data([0x1F, 0x8B, 65]).write(to: URL(filePath: path))
    var input = try KeptFile.input(path)
    var piece = [UInt8](repeating: 0, count: 7)
    #expect(try piece.withUnsafeMutableBufferPointer { try input.read(into: $0.baseAddress!, count: 7) } == 3)
  }

  @Test func `a file that is not there, or is cut off, is reported`() throws {
    #expect(throws: OperationFailure.self) { try content() }
    try folder.write("kept", String(repeating: "0123456789", count: 1_000))
    try GzipFile.compress(path, to: path + ".gz")
    FileRemoval.file(path)
    let packed = try Data(contentsOf: URL(filePath: path + ".gz"))
    try packed.dropLast(8).write(to: URL(filePath: path + ".gz"))
    #expect(throws: OperationFailure.self) { try content() }
  }
}
