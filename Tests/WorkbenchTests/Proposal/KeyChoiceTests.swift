import Core
import Testing

@testable import Workbench

/// Which field of a sample identifies its records.
@Suite("The key of a sample")
struct KeyChoiceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// Columns with their values, one per record; an empty one is missing.
    var columns: [(String, [String])]
    var entity = "products"
    var targetKey: String?
    var key: String?
    var review: String?
    var testDescription: String { name }
  }

  static let rows = 200
  static func series(_ text: (Int) -> String) -> [String] { (0..<rows).map(text) }
  static let prices = series { "\($0 + 3).\($0 % 90 + 10)" }
  static let numbers = series { "\($0 * 7 + 11)" }
  static let dates = series { "20\($0 / 19 + 10)-03-\($0 % 19 + 10)" }
  static let sentences = series { "A thing with \($0) parts" }
  /// 200 codes; the second record repeats the first one's.
  static let codes = series { "A-\($0 == 1 ? 0 : $0)" }
  static let unlike = "its value is different in each record of the sample"
  static let once = "1 of 200 records repeats the value of an earlier one: 'A-0'"

  static let cases: [Case] = [
    // A few repeated values: the name counts for more than a value that happens to differ.
    Case(name: "prices", columns: [("Net Price", prices), ("SKU", codes)], key: "SKU", review: once),
    Case(name: "quantities", columns: [("Stock", numbers), ("Article Number", codes)], key: "Article Number", review: once),
    Case(name: "dates", columns: [("Updated", dates), ("Code", codes)], key: "Code", review: once),
    Case(name: "free text", columns: [("Description", sentences), ("product_key", codes)], key: "product_key", review: once),
    Case(name: "ids", columns: [("Net Price", prices), ("id", codes)], key: "id", review: once),
    Case(
      name: "an odd name that is different", columns: [("Blurb", series { "w\($0)" }), ("uuid", codes)], key: "uuid", review: once
    ),
    Case(
      name: "several repeated values", columns: [("Price", prices), ("SKU", series { "B\($0 < 4 ? 0 : $0)" })], key: "SKU",
      review: "3 of 200 records repeat the value of an earlier one, the first of them 'B0'"),
    Case(
      name: "gaps as well", columns: [("Price", prices), ("SKU", series { $0 == 9 ? "" : $0 == 1 ? "A-0" : "A-\($0)" })],
      key: "SKU", review: "1 of 200 records has no value there, and would be rejected; \(once)"),
    Case(
      name: "one of few", columns: [("Price", ["1.5", "2.5", "3.5"]), ("SKU", ["a", "a", "b"])], key: "SKU",
      review: "1 of 3 records repeats the value of an earlier one: 'a'"),
    Case(
      name: "addresses are not shown", columns: [("Amount", prices), ("Username", series { "u\($0 / 2 * 2)@example.com" })],
      key: nil, review: nil),
    Case(
      name: "an address is not shown", columns: [("Amount", prices), ("Username", series { "u\(max(1, $0))@example.com" })],
      key: "Username", review: "1 of 200 records repeats the value of an earlier one"),
    // The best of several.
    Case(name: "id first", columns: [("SKU", numbers), ("id", numbers)], key: "id"),
    Case(
      name: "words run together", columns: [("houseno", codes), ("postcode", codes), ("partnumber", codes)], key: "partnumber",
      review: once),
    Case(name: "own ID", columns: [("SKU", numbers), ("Product ID", numbers)], key: "Product ID", review: unlike),
    Case(name: "own code", columns: [("Shelf Code", numbers), ("Product Code", numbers)], key: "Product Code", review: unlike),
    Case(
      name: "own of the entity", columns: [("Customer ID", numbers), ("Category No", numbers)], entity: "categories",
      key: "Category No", review: unlike),
    Case(
      name: "an ID without gaps", columns: [("SKU", codes), ("Batch", numbers), ("Item ID", numbers)], key: "Item ID",
      review: unlike),
    Case(
      name: "the target's key", columns: [("id", numbers), ("Article Number", codes)], targetKey: "articleNumber",
      key: "Article Number", review: once),
    Case(
      name: "the target's key repeats too often", columns: [("id", numbers), ("Sku", series { "s\($0 % 9)" })], targetKey: "sku",
      key: "id"),
    // Numbers and codes of something else.
    Case(
      name: "other codes", columns: [("Postal Code", numbers), ("Phone Number", numbers), ("ref", numbers)], key: "ref",
      review: unlike),
    // Without a telling name: values that look like identifiers.
    Case(name: "codes by value", columns: [("Price", prices), ("Plate", series { "HH-\($0)" })], key: "Plate", review: unlike),
    Case(
      name: "an address", columns: [("Name", sentences), ("E-Mail", series { "u\($0)@example.com" })], key: "E-Mail",
      review: unlike),
    Case(
      name: "an ID with many repeats", columns: [("Price", prices), ("id", series { "\($0 / 2)" })], key: "id",
      review: "100 of 200 records repeat the value of an earlier one, the first of them '0'"),
    Case(
      name: "an address with a repeat", columns: [("Price", prices), ("Email", series { "u\(max(1, $0))@example.com" })],
      key: "Email", review: "1 of 200 records repeats the value of an earlier one"),
    // Nothing is a key.
    Case(name: "measures", columns: [("Net Price", prices), ("Qty", numbers), ("Day", dates), ("Note", sentences)]),
    Case(name: "somebody's ID", columns: [("Owner ID", series { "o\($0 % 7)" }), ("Price", prices)]),
    Case(name: "decimal numbers", columns: [("Number", prices)]),
    Case(name: "always the same", columns: [("SKU", ["a", "a"]), ("Price", ["1.5", "2.5"])]),
  ]

  @Test(arguments: cases)
  func `The likely identifier is chosen, and the review says what counts against it`(item: Case) {
    let dates = DateProbe()
    let records = item.columns[0].1.count
    let fields = item.columns.map { name, values in
      var field = FieldProfile(path: [name])
      for value in values where !value.isEmpty { field.take(.string(value), dates: dates) }
      return field
    }
    let choice = KeyChoice(fields, entity: item.entity, records: records, targetKey: item.targetKey)
    #expect(choice.field?.name == item.key)
    #expect(choice.review == item.review)
  }
}
