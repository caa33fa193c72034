import Core
import Testing

@testable import Values

/// What a reader made of a text: what it wrote, and the number or the code that came with it.
struct Reading: Equatable, CustomStringConvertible {
  var text: String
  var number: Int64?
  var code: ProblemCode?

  var description: String { "'\(text)' \(number.map(String.init) ?? "-") \(code?.slug ?? "-")" }
}

extension DateTimeReader {
  func reading(_ text: String) -> Reading {
    var arena = ByteArena()
    arena.begin()
    let bytes = Array(text.utf8)
    let result = read(bytes.span, into: &arena)
    let written = arena.finish().string
    switch result {
    case .value(let seconds, let warning): return Reading(text: written, number: seconds, code: warning)
    case .failure(let failure): return Reading(text: written, number: nil, code: failure.code)
    }
  }

  /// What is written, or the slug of the failure's code.
  func output(_ text: String) -> String {
    let reading = reading(text)
    return reading.number == nil ? reading.code?.slug ?? "" : reading.text
  }

  func reason(_ text: String) -> String? {
    var arena = ByteArena()
    arena.begin()
    let bytes = Array(text.utf8)
    guard case .failure(let failure) = read(bytes.span, into: &arena) else { return nil }
    return "\(failure.reason)"
  }
}

extension DateReader {
  func output(_ text: String) -> String {
    var arena = ByteArena()
    arena.begin()
    let bytes = Array(text.utf8)
    let result = read(bytes.span, into: &arena)
    let written = arena.finish().string
    switch result {
    case .value(let days):
      #expect(written.utf8.count == 10)
      #expect(CivilDate(days: days).daysSinceEpoch == days)
      return written
    case .failure(let failure):
      #expect(written.isEmpty)
      return failure.code.slug
    }
  }
}

func zone(_ name: String) throws -> TimeZoneRules { try TimeZoneRules.load(name) }
