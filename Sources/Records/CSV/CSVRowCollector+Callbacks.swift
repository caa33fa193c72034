/// What libcsv calls for each cell and each row. The context is the collector.
extension CSVRowCollector {
  static let onCell: @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
    bytes, count, context in
    guard let context else { return }
    context.assumingMemoryBound(to: CSVRowCollector.self).pointee.takeCell(
      bytes.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }, count: count)
  }

  static let onRow: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = { _, context in
    guard let context else { return }
    context.assumingMemoryBound(to: CSVRowCollector.self).pointee.endRow()
  }
}
