/// A stretch of a problem log's bytes. Its numbers have 32 bits, because a log holds at most a gigabyte.
package struct LogSlice: BitwiseCopyable, Sendable, Hashable {
  package var start: Int32
  package var count: Int32

  package static var empty: LogSlice { LogSlice(start: 0, count: 0) }

  package var isEmpty: Bool { count == 0 }

  var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
