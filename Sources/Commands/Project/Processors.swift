import FoundationEssentials

enum Processors {
  /// Those that this process may use.
  static var count: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
