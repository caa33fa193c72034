package import Mapping
import Settings

/// The keywords of an `http` destination.
package enum HTTPKeywords {
  static let perSecond = 0.01...100_000.0
  static let concurrent = 1...256
  static let batchSize = 1...10_000
  static let batchBytes = 1_000...104_857_600
  static let status = 100...599

  package static let document = KeywordGroup([
    Keyword("base_url", .text, required: true, "The API's address; the paths of requests are added to it."),
    Keyword("auth", .group(auth), "How requests are authorized."),
    Keyword("headers", .map(.text, atLeast: 0), "Headers of every request; may contain {location}, {mapping}, {run} and {date}."),
    Keyword("rate", .group(rate), "Limits on calls to the destination."),
    Keyword("timeout", .text, "How long a response may take, from 1s to 10m (default 30s)."),
    Keyword(
      "longest_call", .text,
      "The longest time that a call may run at the destination after its connection is lost, from 1s to 1h (default 60s)."),
    Keyword("ca_file", .text, "A file with certificates to trust besides those of the system (PEM)."),
    Keyword("idempotency", .group(idempotency), "The destination recognizes a repeated call by the value of a header."),
    Keyword("responses", .group(responses), "What responses mean, where their status alone does not tell."),
    Keyword("errors", .group(errors), "Where a refusal names fields."),
    Keyword(
      "mappings", .map(.group(resource), atLeast: 1), required: true, "The requests of each mapping that goes here, by its name."),
  ])

  static let auth = KeywordGroup(
    [
      Keyword("bearer", secret, "A token for the header Authorization: Bearer."),
      Keyword("basic", .group(basic), "A user name and a password (RFC 7617)."),
      Keyword("header", .group(named), "A key in a header of the API's own: {name: X-API-Key, value: {env: NAME}}."),
      Keyword("query", .group(named), "A key in a parameter of the query: {name: api_key, value: {env: NAME}}."),
      Keyword("oauth", .literal, reserved: true, "An OAuth connection."),
    ], isChoice: true)

  private static let secret = KeywordShape.anyOf([.group(SecretKeywords.secret), .group(SecretKeywords.helper)])

  static let basic = KeywordGroup([
    Keyword("user", .text, required: true, "The user name."),
    Keyword("password", secret, required: true, "Where to find the password; never the password itself."),
  ])

  static let named = KeywordGroup([
    Keyword("name", .text, required: true, "The name of the header or the parameter."),
    Keyword("value", secret, required: true, "Where to find the key; never the key itself."),
  ])

  static let rate = KeywordGroup([
    Keyword("per_second", .number(perSecond), "Calls per second (default: as many as the destination takes)."),
    Keyword("concurrent", .integer(concurrent), "Calls at the same time (default 8)."),
  ])

  static let idempotency = KeywordGroup([
    Keyword("header", .text, required: true, "The name of the header: Idempotency-Key."),
    Keyword("lifetime", .text, "How long the destination remembers a key, from 1m to 720h (default 24h)."),
  ])

  static let responses = KeywordGroup([
    Keyword(
      "preset", .words(ResponsePreset.allCases.map(\.rawValue)),
      "The common shape of the destination's responses: problem+json (RFC 9457), jsonapi, or ok-flag (a 2xx with {ok: false})."),
    Keyword("throttled", .text, "CEL: the call was not carried out because of a limit, and is to be sent again later."),
    Keyword("retry", .text, "CEL: the call is to be sent again."),
    Keyword("running", .text, "CEL: the same call is still running there."),
    Keyword("conflict", .text, "CEL: the record is there already, or has changed in the meantime."),
    Keyword("gone", .text, "CEL: the record that was to be changed does not exist."),
    Keyword("ok", .text, "CEL: the call was carried out. Where it is given, a 2xx for which it does not hold is a refusal."),
  ])

  static let errors = KeywordGroup([
    Keyword("at", .text, "Where the response has the list of errors, or an object with a member for each field."),
    Keyword("each", .text, "The same as `at`."),
    Keyword("field", .text, "In an error: the field, as a JSON pointer, a dotted path or a name."),
    Keyword("message", .text, "In an error: what is wrong."),
    Keyword("status", .nonEmptyList(.integer(status)), "Only responses with one of these statuses name fields (default: all)."),
  ])

  // MARK: One mapping

  static let resource = KeywordGroup(
    [
      Keyword("create", request, "The request that creates a record: POST /contacts."),
      Keyword("update", request, "The request that changes a record: PUT /contacts/{remote_id}."),
      Keyword("delete", request, "The request that removes a record: DELETE /contacts/{remote_id}."),
      Keyword(
        "find", .anyOf([.text, .group(find)]), "The request that looks up a record by its key: GET /contacts?contactId={key}."),
      Keyword(
        "list", .anyOf([.text, .group(list)]), "The request that reads all records, a page at a time: GET /contacts?page={page}."),
      Keyword(
        "key", .text, "Where the destination's record has the key (default: at the target field that is the mapping's key)."),
      Keyword("remote_id", place, "Where a response has the destination's own ID of the record: id, or {header: location}."),
      Keyword("etag", place, "Where a response has the tag of the record's version (default: the header ETag)."),
      Keyword("record", .text, "Where a response has the record (default: it is the response)."),
      Keyword(
        "read_back", .boolean,
        "Whether to look up a record (find) and compare it with what was sent if the response to the write does not include it (default false)."
      ),
      Keyword(
        "normalizes", .map(.oneOrMore(.words(FieldNormalizer.names)), atLeast: 1),
        "Target fields that the destination changes by design, and how, so that the changes are not reported: {email: lower}."),
      Keyword("body", .group(body), "What surrounds the record's fields in the body."),
      Keyword(
        "update_style", .words(UpdateStyle.allCases.map(\.rawValue)),
        "What an update does with the fields that it leaves out: replace erases them (the default for PUT), merge keeps them (the default otherwise), read-merge-put sends them back."
      ),
      Keyword("conflict", .group(conflict), "What happens to a record that already exists, or has changed in the meantime."),
      Keyword("batch", .anyOf([.text, .group(batch)]), "A request for several records."),
      Keyword("job", .group(job), "How a call that is accepted as a job (202) is polled."),
      Keyword(
        "before", .anyOf([.words([Self.save]), .group(before)]),
        "save keeps what is at the destination before and after each write, so that `waybill undo` can put it back (default: nothing is kept)."
      ),
      Keyword(
        "verify", .anyOf([.text, .group(verify)]),
        "The share of the unchanged records that each run looks up and compares with what was loaded: 5% (default: none)."),
      Keyword("removed", .literal, reserved: true, "What becomes of records that are gone from the source."),
    ], alternatives: ["create", "batch"])

  static let save = "save"

  static let before = KeywordGroup([
    Keyword(
      "omit", .nonEmptyList(.text), required: true,
      "Members of the destination's records that it sets itself and does not accept: they are neither compared nor put back.")
  ])

  static let verify = KeywordGroup([
    Keyword(
      "share", .text, required: true, "The share of the unchanged records, from 0.01% to 100%: N% reads each in 100/N days."),
    Keyword(
      "then", .words(VerifyDocument.Then.allCases.map(\.rawValue)),
      "What becomes of a record that was changed or removed there: report it (the default), or resend it as well."),
  ])

  private static let request = KeywordShape.anyOf([.text, .group(ownRequest)])

  static let ownRequest = KeywordGroup([requestText, requestHeaders])

  private static let requestText = Keyword(
    "request", .text, required: true, "The method and the path: PUT /contacts/{remote_id}.")
  private static let requestHeaders = Keyword(
    "headers", .map(.text, atLeast: 0), #"Headers of this request only: {If-Match: "{etag}"}."#)

  static let find = KeywordGroup([
    requestText, requestHeaders,
    Keyword("items", .text, "Where the response has the list of records (default: the response is the record)."),
  ])

  static let list = KeywordGroup([
    requestText, requestHeaders,
    Keyword("items", .text, "Where a response has the list of records (default: the response is the list)."),
    Keyword("cursor", place, "Where a page has the {cursor} of the next one."),
    Keyword("link", .boolean, "Whether the header Link leads to the next page (RFC 8288)."),
  ])

  /// Where a response has a value.
  static let placeNames = KeywordGroup(
    [
      Keyword("body", .text, "A path in the body: data.id."),
      Keyword("header", .text, "A header of the response: location. With body as well, the body is read if there is no header."),
    ])
  private static let place = KeywordShape.anyOf([.text, .group(placeNames)])

  static let body = KeywordGroup([
    Keyword("under", .text, "Where the body has the record: contact, or data.attributes (default: it is the body)."),
    Keyword(
      "nulls", .words(BodyDocument.Nulls.allCases.map(\.rawValue)),
      "Null values: as the mapping says (the default), write every field, or omit those without a value."),
    Keyword("envelope", .map(.literal, atLeast: 1), "Members of the body alongside the record, with their values."),
  ])

  static let conflict = KeywordGroup([
    Keyword(
      "then", .words(ConflictDocument.Then.allCases.map(\.rawValue)),
      "update the destination's record (the default where there is an update), adopt it as it is, reject ours (the default otherwise), or re-read its tag and update it."
    ),
    Keyword("remote_id", .text, "Where the response has the ID of the conflicting record (default: it is looked up)."),
    Keyword(
      "status", .nonEmptyList(.integer(status)), "409 and 412, which are conflicts anyway; others belong in responses.conflict."),
  ])

  static let batch = KeywordGroup([
    requestText, requestHeaders,
    Keyword("size", .integer(batchSize), "Records in a request, at most (default 100)."),
    Keyword("bytes", .integer(batchBytes), "Bytes in a body, at most (default 1048576)."),
    Keyword("items", .text, "The member of the body that has the records (default: the body is the list)."),
    Keyword("atomic", .boolean, "Whether the destination stores all records of a request, or none (default false)."),
    Keyword(
      "updates", .boolean,
      "Whether the request also changes records that exist, by their keys; otherwise `update` does, one at a time (default false)."
    ),
    Keyword("results", .anyOf([.text, .group(results)]), "Where the response has the result of each record."),
  ])

  static let results = KeywordGroup([
    Keyword("at", .text, "The list of results (default: the response)."),
    Keyword("key", .text, "In a result: the record's key (default: results are in the order of the records)."),
    Keyword("status", .text, "In a result: an HTTP status (default: `responses` decides, with the result as the body)."),
    Keyword("remote_id", .text, "In a result: the destination's ID of the record."),
    Keyword("etag", .text, "In a result: the tag of the record's version."),
    Keyword("record", .text, "In a result: the record as it is stored."),
    Keyword("body", .text, "In a result: what `responses` and `errors` treat as the body (default: the result)."),
  ])

  static let job = KeywordGroup([
    Keyword("location", place, "Where the response has the job's address (default: the header Location)."),
    Keyword("state", .text, required: true, "Where the job has its state: status."),
    Keyword("running", .nonEmptyList(.text), required: true, "The states in which it is not finished: [queued, running]."),
    Keyword("status", .text, "Where the finished job has the status of the response to the call (default: 200)."),
    Keyword("response", .text, "Where the finished job has the body of the response to the call (default: the job itself)."),
    Keyword("longest", .text, "How long a job may run, from 1s to 24h (default 1h)."),
  ])
}
