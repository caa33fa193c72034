import Core
import Pipeline

/// One previewed record for people: what the mapping reads on the left, what it gives on the right, problems below.
enum PreviewText {
  private static let widest = 44

  static func text(of item: PreviewJob.Item) -> String {
    var table = TextTable("SOURCE", "", "TARGET", "")
    for index in 0..<max(item.source.count, item.target.count) {
      let source = index < item.source.count ? item.source[index] : nil
      let target = index < item.target.count ? item.target[index] : nil
      table.add([
        source?.name ?? "", source.map { shortened($0.text) } ?? "", target?.name ?? "", target.map { shortened($0.text) } ?? "",
      ])
    }
    var text = "\(item.key ?? "(no key)")  line \(item.line)  \(item.outcome.rawValue)\n" + table.text
    for problem in item.problems {
      text += "  \(problem.severity.rawValue) \(problem.code): \(problem.message)\n"
    }
    return text
  }

  private static func shortened(_ text: String) -> String {
    text.count > widest ? text.prefix(widest - 1) + "…" : text
  }
}
