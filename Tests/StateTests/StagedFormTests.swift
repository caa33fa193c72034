import Core
import State
import TestSupport
import Testing

/// `staging/MAPPING.form.json`.
@Suite struct StagedFormTests {
  private let folder = TemporaryFolder()
  private var path: String { StagedForm.path("\(folder.path)/contacts") }

  private let form = StagedForm(
    mapping: "contacts", records: 3,
    columns: [
      .init(LoadColumn(path: ["id"], types: .string, isVouchedFor: true), .show),
      .init(LoadColumn(path: ["a.b", "çity"], types: [.null, .integer], omitsNull: true), .last4),
      .init(LoadColumn(path: ["more"], types: .all), .never), .init(LoadColumn(path: ["none"], types: []), .hash),
    ], key: [0, 2])

  @Test func `a form reads back as it was written, and only its owner can read it`() throws {
    try form.write(to: path)
    #expect(path.hasSuffix("/contacts.form.json"))
    #expect(try StagedForm.read(path) == form)
    #expect(folder.mode(of: "contacts.form.json") == 0o600)
  }

  @Test(arguments: [JSONTypes.null, .boolean, .integer, .number, .string, .array, .object, .all, []] as [JSONTypes])
  func `every type survives`(_ types: JSONTypes) throws {
    let form = StagedForm(mapping: "m", records: 0, columns: [.init(LoadColumn(path: ["x"], types: types), .mask)], key: [])
    try form.write(to: path)
    #expect(try StagedForm.read(path)?.columns[0].column.types == types)
  }

  @Test func `records of an earlier version have no form`() throws { #expect(try StagedForm.read(path) == nil) }

  @Test(arguments: [
    "", "[]", "{}", #"{"version":1}"#, #"{"version":1,"mapping":"m","records":1,"key":[1],"columns":[]}"#,
    #"{"version":1,"mapping":"m","records":-1,"key":[],"columns":[]}"#,
    #"{"version":1,"mapping":"m","records":1,"key":[],"columns":[{"path":[],"types":[],"omits_null":true,"vouched":true,"privacy":"show"}]}"#,
    #"{"version":1,"mapping":"m","records":1,"key":[],"columns":[{"path":["a"],"types":["x"],"omits_null":true,"vouched":true,"privacy":"show"}]}"#,
    #"{"version":1,"mapping":"m","records":1,"key":[],"columns":[{"path":["a"],"types":[],"omits_null":true,"vouched":true,"privacy":"x"}]}"#,
  ])
  func `what is not a form is refused`(_ text: String) throws {
    try folder.write("contacts.form.json", text)
    #expect(throws: OperationFailure(.damaged, "\(path) is damaged: run the pipeline again")) { try StagedForm.read(path) }
  }

  @Test func `a form of a newer version is refused`() throws {
    try folder.write("contacts.form.json", #"{"version":2,"mapping":"m"}"#)
    #expect(throws: OperationFailure.self) { try StagedForm.read(path) }
  }
}
