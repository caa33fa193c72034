/// The profile of one field, as files keep it and people read it. Counts are exact unless a property says otherwise.
package struct FieldSummary: Sendable, Hashable {
  /// Values by their types, blank ones included.
  package struct Types: Sendable, Hashable {
    package var text = 0
    package var integer = 0
    package var number = 0
    package var boolean = 0
    package var list = 0
    package var object = 0
  }

  /// How many texts would be read as something else.
  package struct ReadsAs: Sendable, Hashable {
    /// ISO dates and date-times.
    package var date = 0
    /// Plain decimal numbers.
    package var number = 0
  }

  /// The number of different values.
  package struct Distinct: Sendable, Hashable {
    package var estimate: Int
    /// The estimate is not further off than this; 0: it is exact.
    package var errorPercent: Double
    /// There may be more: profiles were merged that did not keep enough to tell.
    package var isAtLeast = false

    package var isExact: Bool { errorPercent == 0 && !isAtLeast }

    /// An estimate is never larger than the number of values.
    func capped(at values: Int) -> Distinct {
      var capped = self
      capped.estimate = min(estimate, values)
      return capped
    }
  }

  /// Which sample of the values was counted.
  package struct Sample: Sendable, Hashable {
    /// Every record is in it if this is 1; 64: one record in 64, chosen by its position.
    package var oneIn: Int
    /// Values that were counted.
    package var count: Int
    /// False: profiles were merged that had not stored all of these values.
    package var isComplete = true

    package var isExact: Bool { oneIn == 1 && isComplete }
  }

  package struct Value: Sendable, Hashable {
    /// Nil: masked.
    package var text: String?
    package var isCut = false
    /// In the sample.
    package var count: Int
  }

  /// The most frequent values, those that occur at least twice.
  package struct Top: Sendable, Hashable {
    package var sample: Sample
    package var values: [Value]
  }

  /// A range of numbers or lengths, or a day, a month and so on: its first day.
  package struct Bin: Sendable, Hashable {
    /// Nil: no lower limit.
    package var from: String?
    /// Nil: no upper limit; of dates always.
    package var to: String?
    package var count: Int
  }

  /// Of texts in characters, of lists in elements.
  package struct Lengths: Sendable, Hashable {
    package var shortest: Int
    package var longest: Int
    /// Both ends belong to a bin.
    package var bins: [Bin]
  }

  /// Numbers, and texts that read as numbers.
  package struct Numbers: Sendable, Hashable {
    package var count: Int
    /// With all their digits. Nil: masked, as are the bins.
    package var smallest: String?
    package var largest: String?
    package var bins: [Bin] = []
  }

  /// Texts that read as dates.
  package struct Dates: Sendable, Hashable {
    package enum Unit: String, Sendable, Hashable, CaseIterable, Comparable {
      case day, month, year, decade, century

      var next: Unit? {
        Self.allCases.firstIndex(of: self).flatMap { $0 + 1 < Self.allCases.count ? Self.allCases[$0 + 1] : nil }
      }

      package static func < (left: Unit, right: Unit) -> Bool {
        Self.allCases.firstIndex(of: left)! < Self.allCases.firstIndex(of: right)!
      }
    }

    package var count: Int
    /// After the profile's `today`.
    package var future: Int
    package var before1900: Int
    /// `yyyy-MM-dd`. Nil: masked, as are the bins.
    package var earliest: String?
    package var latest: String?
    package var unit = Unit.day
    package var bins: [Bin] = []
  }

  /// The first and the last text in the order of their bytes, cut at 64 characters.
  package struct Texts: Sendable, Hashable {
    package var smallest: String
    package var largest: String
  }

  package struct Shape: Sendable, Hashable {
    package var text: String
    package var count: Int
  }

  package struct Shapes: Sendable, Hashable {
    package var sample: Sample
    package var values: [Shape]
    /// Values of other shapes.
    package var other: Int
  }

  /// What it takes to merge the number of different values with that of another profile. Never kept of a masked field: whoever
  /// guesses a value could find it here.
  package enum Sketch: Sendable, Hashable {
    case hashes([UInt64])
    case registers([UInt8])
  }

  /// Dotted: `address.city`, `tags[]` for the elements of a list, `custom.KEY`.
  package var name: String
  package var isMasked: Bool
  /// Records that have the field, whatever its value.
  package var present: Int
  package var missing: Int
  /// Records with a value that is neither null nor blank.
  package var filled: Int
  package var nulls: Int
  /// `""`, only white space, `[]` or `{}`.
  package var blanks: Int
  /// Neither null nor blank; of the elements of lists, there may be many in one record.
  package var values: Int
  package var types = Types()
  package var readsAs = ReadsAs()
  package var distinct: Distinct?
  package var top: Top?
  package var lengths: Lengths?
  package var numbers: Numbers?
  package var dates: Dates?
  package var texts: Texts?
  package var shapes: Shapes?
  package var sketch: Sketch?

  package init(
    name: String, isMasked: Bool, present: Int, missing: Int, filled: Int, nulls: Int, blanks: Int, values: Int
  ) {
    self.name = name
    self.isMasked = isMasked
    self.present = present
    self.missing = missing
    self.filled = filled
    self.nulls = nulls
    self.blanks = blanks
    self.values = values
  }
}

extension FieldSummary.Types {
  /// Names in files, in the order in which they are listed.
  static let names: [(name: String, count: any WritableKeyPath<Self, Int> & Sendable)] = [
    ("text", \.text), ("integer", \.integer), ("number", \.number), ("boolean", \.boolean), ("list", \.list),
    ("object", \.object),
  ]

  mutating func add(_ other: Self) { for (_, path) in Self.names { self[keyPath: path] += other[keyPath: path] } }

  /// Types that occur, the most frequent first.
  package var seen: [(name: String, count: Int)] {
    Self.names.map { ($0.name, self[keyPath: $0.count]) }.filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }
  }
}

extension FieldSummary.ReadsAs {
  static let names: [(name: String, count: any WritableKeyPath<Self, Int> & Sendable)] = [("date", \.date), ("number", \.number)]

  mutating func add(_ other: Self) { for (_, path) in Self.names { self[keyPath: path] += other[keyPath: path] } }
}
