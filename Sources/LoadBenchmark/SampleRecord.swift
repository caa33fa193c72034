import Core

/// A contact with twelve fields, some 400 bytes as JSON.
enum SampleRecord {
  static let columns: [LoadColumn] = [
    "contactId", "firstName", "lastName", "email", "phone", "company", "city", "country", "tags", "score", "note", "createdAt",
  ].map { LoadColumn(path: [$0]) }

  static func json(_ number: Int) -> [UInt8] {
    let text = """
      {"contactId":"c\(number)","firstName":"Ann","lastName":"Example \(number)","email":"ann.\(number)@example.com",\
      "phone":"+4915112345678","company":"Example Industries","city":"Berlin","country":"DE","tags":["lead","vip"],\
      "score":\(number % 100),"note":"met at the fair; wants an offer for the second half of the year, and a call in May",\
      "createdAt":"2026-01-01T00:00:00Z"}
      """
    return Array(text.utf8)
  }
}
