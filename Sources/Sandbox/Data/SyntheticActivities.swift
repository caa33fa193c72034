package struct SyntheticTask: Sendable, Hashable {
  package var id: String
  package var contactID: String
  package var title: String
  package var body: String?
  package var assignedTo: String?
  /// Milliseconds since 1970; written with milliseconds.
  package var due: Int
  package var completed: Bool

  package var dueText: String { Instant.iso(due) }
}

package struct SyntheticNote: Sendable, Hashable {
  package var id: String
  package var contactID: String
  /// Plain text or HTML.
  package var body: String
  package var userID: String?
  package var dateAdded: Int
  package var title: String?
  package var color: String?
  package var pinned: Bool

  package var dateAddedText: String { Instant.iso(dateAdded) }
}

package struct SyntheticAppointment: Sendable, Hashable {
  package var id: String
  package var contactID: String
  package var calendarID: String
  package var groupID: String
  package var status: String
  package var title: String
  package var assignedUserID: String
  package var notes: String?
  package var address: String?
  /// Milliseconds of the local wall clock of the location, as if it were UTC.
  package var localStart: Int
  package var localEnd: Int
  package var localAdded: Int

  /// `2021-07-16 11:00:00`, as the appointments of a contact have it.
  package var startText: String { Instant.naive(localStart) }
  package var endText: String { Instant.naive(localEnd) }
  package var dateAddedText: String { Instant.naive(localAdded) }
}

extension SyntheticData {
  /// Ordinals of a contact's tasks, notes and appointments take the lowest six bits of the number behind their identifiers.
  private static let ordinalBits: UInt64 = 6

  private func childID(_ kind: SyntheticIdentifier.Kind, _ index: Int, _ ordinal: Int) -> String {
    identifiers.text(kind, UInt64(index) << Self.ordinalBits | UInt64(ordinal))
  }

  /// The contact and the ordinal behind the identifier of a task, note or appointment; nil for any other text.
  func child(_ kind: SyntheticIdentifier.Kind, _ id: String) -> (contact: Int, ordinal: Int)? {
    guard let value = identifiers.value(kind, id) else { return nil }
    let index = value >> Self.ordinalBits
    let ordinal = Int(value & (1 << Self.ordinalBits - 1))
    guard index < UInt64(contactCount), isThere(Int(index)), ordinal < childCount(kind, Int(index)) else { return nil }
    return (Int(index), ordinal)
  }

  /// How many of a kind the seed puts under a contact.
  func childCount(_ kind: SyntheticIdentifier.Kind, _ index: Int) -> Int {
    guard index < contactCount else { return 0 }
    return switch kind {
    case .task: count(.task, index, [0, 0, 1, 1, 2, 3])
    case .note: count(.note, index, [0, 0, 0, 1, 1, 2, 4])
    case .appointment: count(.appointment, index, [0, 0, 0, 0, 1, 1, 2])
    default: 0
    }
  }

  private func count(_ stream: Draw.Stream, _ index: Int, _ shares: [Int]) -> Int {
    var draw = draw(stream, index)
    return draw.pick(shares)
  }

  // MARK: Tasks

  private static let taskTitles = [
    "Call back", "Send the offer", "Rückruf vereinbaren", "Check \"final\" contract, page 2", "Préparer la réunion",
    "Follow up 📞",
    "=SUM(A1)", "  Visit  ",
  ]

  func task(_ ordinal: Int, of index: Int) -> SyntheticTask {
    var draw = draw(.task, index, part: ordinal + 1)
    return SyntheticTask(
      id: childID(.task, index, ordinal), contactID: contactID(at: index), title: draw.pick(Self.taskTitles),
      body: draw.chance(600) ? "<p>Please do this &amp; tell me.</p>" : draw.chance(500) ? "" : nil,
      assignedTo: draw.chance(800) ? userID(at: draw.below(Self.userCount)) : nil,
      due: dateAdded(at: index) + draw.below(400) * Instant.day + draw.below(96) * 900_000, completed: draw.chance(400))
  }

  // MARK: Notes

  private static let noteBodies = [
    "lorem ipsum",
    "<p>Spoke to her <strong>today</strong>.</p><ul><li>wants a quote</li><li>budget &lt; 5&nbsp;000&nbsp;€</li></ul>",
    "<div>Line one<br>Line two<br/>Line &quot;three&quot;</div>", "Им понравилось предложение", "1 < 2 && 3 > 2",
    "<p>Meeting notes:</p>\n<p>見積もりを送る 😀</p>",
    "<a href=\"https://www.example.com/?a=1&amp;b=2\">the page</a> &#39;quoted&#39;",
    "comma, \"quote\"\r\nand a line break",
  ]

  func note(_ ordinal: Int, of index: Int) -> SyntheticNote {
    var draw = draw(.note, index, part: ordinal + 1)
    return SyntheticNote(
      id: childID(.note, index, ordinal), contactID: contactID(at: index),
      body: draw.chance(Defects.emptyNote) ? "" : draw.pick(Self.noteBodies),
      userID: draw.chance(850) ? userID(at: draw.below(Self.userCount)) : nil,
      dateAdded: dateAdded(at: index) + draw.below(300 * Instant.day), title: draw.chance(300) ? "Follow-up summary" : nil,
      color: draw.chance(300) ? "#FFAA00" : nil, pinned: draw.chance(100))
  }

  // MARK: Appointments

  package func appointments(of index: Int) -> [SyntheticAppointment] {
    isThere(index) ? (0..<childCount(.appointment, index)).map { appointment($0, of: index) } : []
  }

  static let calendarCount = 3
  static let groupCount = 2

  func calendarID(at number: Int) -> String { identifiers.text(.calendar, UInt64(number)) }
  func groupID(at number: Int) -> String { identifiers.text(.group, UInt64(number)) }

  func appointment(_ ordinal: Int, of index: Int) -> SyntheticAppointment {
    var draw = draw(.appointment, index, part: ordinal + 1)
    let midnight = dateAdded(at: index) / Instant.day * Instant.day
    var start = midnight + (1 + draw.below(200)) * Instant.day + (32 + draw.below(40)) * 900_000
    // Clocks in New York went from 02:00 to 03:00 on 10 March 2024.
    if draw.chance(Defects.appointmentInGap) { start = Instant.milliseconds(year: 2024, month: 3, day: 10, hour: 2, minute: 30) }
    let calendar = draw.below(Self.calendarCount)
    return SyntheticAppointment(
      id: childID(.appointment, index, ordinal), contactID: contactID(at: index), calendarID: calendarID(at: calendar),
      groupID: groupID(at: calendar % Self.groupCount),
      status: draw.pick(["booked", "confirmed", "confirmed", "new", "cancelled", "showed", "noshow", "invalid", "completed"]),
      title: draw.pick(["Discovery call", "Démo produit", "Beratung", "Test"]),
      assignedUserID: userID(at: draw.below(Self.userCount)),
      notes: draw.chance(400) ? "Bring the <b>papers</b>" : nil,
      address: draw.chance(500) ? "https://meet.example.com/" + draw.digits(9) : nil,
      localStart: start, localEnd: start + 1_800_000, localAdded: midnight + draw.below(Instant.day) / 1000 * 1000)
  }

  /// Minutes to add to UTC in New York: summer time from the second Sunday of March to the first of November, 02:00 (rules since
  /// 2007).
  static func newYorkOffset(ofLocal milliseconds: Int) -> Int {
    let year = Int(Instant.date(milliseconds).prefix(4)) ?? 1970
    func sunday(_ number: Int, of month: Int) -> Int {
      let first = Instant.milliseconds(year: year, month: month, day: 1, hour: 2)
      let weekday = (first / Instant.day + 4) % 7
      return first + ((7 - weekday) % 7 + 7 * (number - 1)) * Instant.day
    }
    return milliseconds >= sunday(2, of: 3) && milliseconds < sunday(1, of: 11) ? -240 : -300
  }
}
