package import Core
package import Profiles
import Records
import Values

/// Profiles what a mapping reads and what it writes, while it does: hand it to a `TransformRunner`, and ask for the document when that
/// has ended.
package final class MappingProfiler: Sendable {
  private let program: Program
  private let source: ProfileMask
  private let target: ProfileMask
  private let customFields: CustomFieldNames
  private let today: String
  private let lanes = Locked<[LaneProfile]>([])

  /// - Parameters:
  ///   - shape: of the source's records; nil if unknown.
  ///   - customFields: of the source; empty if there are no definitions.
  ///   - today: `yyyy-MM-dd`, in UTC; later dates are in the future.
  package init(_ program: Program, shape: ObjectShape?, customFields: [CustomFieldDefinition], today: String) {
    self.program = program
    self.today = today
    self.customFields = CustomFieldNames(customFields)
    source = .source(
      of: program.model, customFields: self.customFields, standard: .standard(shape: shape, customFields: self.customFields))
    target = .target(of: program.model)
  }

  /// The profile of one worker.
  func lane() -> LaneProfile {
    let days = ProfileDocument.days(of: today)
    let lane = LaneProfile(
      source: SideProfiler(mask: source, customFields: customFields, today: days),
      target: SideProfiler(mask: target, today: days), columns: program.layout.columns.map(\.path))
    lanes.withLock { $0.append(lane) }
    return lane
  }

  /// What all workers have seen. To be called once, when they have finished.
  ///
  /// - Parameter input: the name of what was read.
  package func document(input: String) -> ProfileDocument {
    let all = lanes.withLock { lanes in
      defer { lanes = [] }
      return lanes
    }
    let whole = lane()
    for lane in all { whole.merge(lane) }
    let read = whole.source.side()
    return ProfileDocument(
      mapping: program.model.name, input: input, records: read.records, notProfiled: whole.notProfiled, today: today,
      source: read, target: whole.target.side())
  }
}
