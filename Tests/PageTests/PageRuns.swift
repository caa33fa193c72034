import Core
import Page
import State
import TestSupport

/// Runs of a state in a temporary folder, made of the files that finished runs have.
struct PageRuns {
  let folder = TemporaryFolder()
  let store = MemoryRunStore()

  var state: StateFolder { StateFolder(path: folder.path) }

  static let id = "20261201T020000000Z-00aaaa"
  static let earlier = "20261130T020000000Z-00aaaa"

  /// - Parameters:
  ///   - rejected: of 100 contacts at `app`; the others are created.
  ///   - more: more members of the summary.
  static func summary(_ run: String, rejected: Int = 0, codes: String = "{}", more: String = "") -> String {
    """
    {"version": 2, "run": "\(run)", "pipeline": "nightly", "status": "done", "exit_code": 0, "entities": {"contacts": {"read": 100,
     "destinations": {"app": {"written": 0, "created": \(100 - rejected), "rejected": \(rejected)}}, "warnings": 0,
     "codes": \(codes)}}, "unaccounted": 0, "requests": {"made": 7, "retried": 1, "throttled": 0, "quota_remaining": null},
     "gates": [{"gate": "rejected", "mapping": "contacts", "stage": "transform", "limit": 10, "actual": \(rejected),
                "unit": "records", "passed": \(rejected <= 10), "severity": "error"}]\(more)}
    """
  }

  @discardableResult
  func add(
    _ id: String = PageRuns.id, pipeline: String = "nightly", location: String = "loc1", summary: String? = nil,
    ledger: [LedgerEntry] = [], narrowed: String? = nil
  ) throws -> RunRecord {
    var record = RunRecord(id: id, pipeline: pipeline, started: "2026-12-01T02:00:00Z", location: location)
    try store.begin(record)
    try store.record(ledger)
    record.status = .done
    record.exitCode = 0
    record.finished = "2026-12-01T02:10:00Z"
    record.isWhole = narrowed == nil
    record.narrowed = narrowed
    record.summary = summary ?? Self.summary(id)
    try store.end(record, counts: [])
    return record
  }

  func write(_ name: String, _ text: String, of run: String = PageRuns.id) throws {
    try folder.write("runs/\(run)/\(name)", text)
  }

  func page(of ids: String...) throws -> ReportPage {
    let records = try ids.compactMap { try store.run($0) }
    return try PageCollector(state: state, runs: store).page(of: records)
  }

  static func line(
    _ code: String, _ record: String, field: String? = nil, severity: String = "error", message: String = "wrong",
    run: String = PageRuns.id
  ) -> LedgerEntry {
    LedgerEntry(
      run: run, mapping: "contacts", record: record, stage: "transform", severity: severity, code: code, field: field,
      text: #"{"run":"\#(run)","record":"\#(record)","code":"\#(code)","message":"\#(message)"}"#)
  }

  // MARK: Files

  static let fields = """
    {"version":1,"mapping":"contacts","file":"contacts.yaml","entity":"contact","key":"id","target_key":["contactId"],"fields":[
     {"field":"contactId","sources":["id"],"privacy":"show","required":true,"default":false},
     {"field":"email","sources":["email"],"privacy":"hash","required":false,"default":false},
     {"field":"status","sources":["status"],"privacy":"show","required":false,"default":true}],
     "reads":["id","email","status"]}
    """

  static func field(_ name: String, _ records: Int, filled: Int, _ more: String = "") -> String {
    #"{"name":"\#(name)","masked":false,"present":\#(records),"missing":0,"filled":\#(filled),"null":\#(records - filled),"#
      + #""blank":0,"values":\#(filled),"types":{"text":\#(filled)}\#(more)}"#
  }

  static func profile(email: Int = 100, more: String = "") -> String {
    let source = [
      field("id", 100, filled: 100), field("email", 100, filled: 100, more), field("status", 100, filled: 60),
      field("city", 100, filled: 80), field("empty", 100, filled: 0),
    ]
    let target = [field("contactId", 100, filled: 100), field("email", 100, filled: email), field("status", 100, filled: 100)]
    return """
      {"version":1,"mapping":"contacts","records":100,"unmasked":false,
       "source":{"records":100,"more_fields":0,"fields":[\(source.joined(separator: ","))]},
       "target":{"records":100,"more_fields":0,"fields":[\(target.joined(separator: ","))]}}
      """
  }

  static func shapes(_ shape: String) -> String {
    #","shapes":{"exact":true,"one_in":1,"of":100,"other":0,"values":[{"shape":"\#(shape)","count":100}]}"#
  }

  static func changes(defaulted: Int) -> String {
    """
    {"version":1,"mapping":"contacts","items":100,"fields":[{"field":"status","sources":["status"],"nullified":0,
     "defaulted":\(defaulted),"truncated":0,"lookup_fallback":0,"kept":0,"left_out":0}],"vars":[],"crosstabs":[]}
    """
  }

  static func businesses(_ counts: [(name: String, read: Int, arrived: Int)]) -> String {
    let list = counts.map {
      #"{"business":"\#($0.name)","read":\#($0.read),"arrived":\#($0.arrived),"left_out":0}"#
    }
    return """
      {"version":1,"parts":[{"mapping":"contacts","destination":"app","field":"businessId","none":{"read":0,"arrived":0},
       "more":{"read":0,"arrived":0},"businesses":[\(list.joined(separator: ","))]}]}
      """
  }

  static func reconciled(missing: Int = 0, sum: String = "12.50") -> String {
    """
    {"version":1,"time":"2026-12-01T03:00:00Z","run":"\(id)","pipeline":"nightly","equal":\(missing == 0),"parts":[
     {"destination":"app","mapping":"contacts","time":"2026-12-01T03:00:00Z","runs":["\(id)"],"by":"list",
      "equal":\(missing == 0),"comparable_with_totals":true,"loaded":100,"stored":\(100 - missing),"missing":\(missing),"extra":0,
      "different":0,"duplicate":0,"without_key":0,"uncertain":0,"not_read":0,
      "totals":[{"field":"credit","records":{"loaded":100,"stored":100},"sum":{"loaded":"12.50","stored":"\(sum)"},"equal":true}],
      "dates":[],"digest":{"loaded":"aa","stored":"aa"}}],
     "failed":[],"differences":[],"count":\(missing)}
    """
  }
}
