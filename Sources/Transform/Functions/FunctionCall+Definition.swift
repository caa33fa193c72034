extension FunctionCall {
  /// The function that is called.
  package var function: FunctionDefinition {
    switch self {
    case .kernel(let call): call.function
    case .trim: .trim
    case .lower: .lower
    case .upper: .upper
    case .title: .title
    case .collapse: .collapse
    case .digits: .digits
    case .stripHTML: .stripHTML
    case .replace: .replace
    case .truncate: .truncate
    case .split: .split
    case .join: .join
    case .first: .first
    case .last: .last
    case .unique: .unique
    case .sort: .sort
    case .count: .count
    case .compact: .compact
    case .at: .at
    case .email: .email
    case .phone: .phone
    case .country: .country
    case .postalCode: .postalCode
    case .date: .date
    case .datetime: .datetime
    case .epoch: .epoch
    case .format: .format
    case .int: .int
    case .decimal: .decimal
    case .number: .number
    case .round: .round
    case .text: .text
    case .bool: .bool
    case .lookup: .lookup
    }
  }
}
