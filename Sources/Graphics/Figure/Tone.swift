/// What a part of a picture stands for. It decides the color and, because colors do not survive a photocopier and not everybody
/// tells them apart, a texture.
package enum Tone: String, Sendable, CaseIterable {
  /// What is at the destination as it should be.
  case good, created, updated, unchanged
  /// What was left out on purpose.
  case removed, filtered, merged
  /// What needs attention.
  case rejected, failed, pending, lost
  /// All else.
  case rest

  enum Texture { case plain, stripes, backstripes, grid, dots }

  var texture: Texture {
    switch self {
    case .good, .created, .unchanged, .filtered, .removed, .rest: .plain
    case .updated, .merged: .backstripes
    case .rejected: .stripes
    case .failed, .lost: .grid
    case .pending: .dots
    }
  }

  /// The class that `GraphicsStyle` gives a color.
  var className: String { "wf-\(rawValue)" }
}
