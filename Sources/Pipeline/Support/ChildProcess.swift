import Foundation

/// Runs a program without a shell and takes what it prints. For credential helpers: short, small, trusted.
enum ChildProcess {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Looked up in PATH where it is a bare name. Standard error goes where ours goes; standard input is empty.
  static func run(_ words: [String], in folder: String, maximumBytes: Int) throws -> (status: Int32, output: [UInt8]) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // `--`: the program's name is no option of env.
    process.arguments = ["--"] + words
    process.currentDirectoryURL = URL(fileURLWithPath: folder.isEmpty ? "." : folder, isDirectory: true)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    do { try process.run() } catch { throw Failure(description: error.localizedDescription) }
    let data = try output.fileHandleForReading.read(upToCount: maximumBytes + 1) ?? Data()
    if data.count > maximumBytes { process.terminate() }
    process.waitUntilExit()
    guard data.count <= maximumBytes else { throw Failure(description: "it prints more than \(maximumBytes) bytes") }
    return (process.terminationStatus, Array(data))
  }
}
