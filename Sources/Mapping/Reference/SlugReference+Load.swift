import Core

/// Slugs of ledger lines about how a record arrived at a destination that takes records one by one.
extension SlugReference {
  static let loadSlugs: [Entry] = [
    Entry(
      .destinationRefused,
      "The destination refuses the record, or one of its fields. The message quotes it; http.status has the status of its "
        + "response. The record failed.",
      example: "422 and \"email is not unique\"",
      fix:
        "Fix the record at its source, or the field's rule: the ledger line names it. A run sends the record again once it has changed; `waybill replay` sends it as it is."
    ),
    Entry(
      .alreadyExists, "The destination has a record with this key already, and conflict: {then: reject} rejects it.",
      example: "409 for the contact c1",
      fix: "Set conflict: {then: update} or {then: adopt}, or remove the record at the destination."),
    Entry(
      .conflictNotOurs,
      "The destination reports a conflict, but the record that it conflicts with has another key, so it was left alone. The record "
        + "failed.",
      example: "409: another contact has the same e-mail address",
      fix: "Decide which of the two is right, and fix or merge them: merge: {by: [email], keep: newest}."),
    Entry(
      .goneAtDestination, "The record was loaded before, but no longer exists at the destination. The record failed.",
      example: "404 for PUT /contacts/17",
      fix: "Find out who removed it. The next run creates it again; if it should stay away, filter it out with where."),
    Entry(
      .requestTooLarge, "The request is larger than the destination accepts, even with this record alone. The record failed.",
      example: "413 for a note of 20 MB", fix: "Shorten the field in the mapping: {truncate: 10000}."),
    Entry(
      .requestImpossible, "The record's values do not form a valid request, so nothing was sent. The record failed.",
      example: "the key '..' in PUT /contacts/{key}; a line break in a header",
      fix: "Fix the value in the mapping: trim, replace, or another key."),
    Entry(
      .updateImpossible,
      "The record has changed since it was loaded, and the pipeline has no request that updates it. The record failed.",
      example: "create: POST /contacts, without update", fix: "Add update, such as PUT /contacts/{remote_id}."),
    Entry(
      .parentNotLoaded,
      "A warning: the record's request needs the ID of a parent that is not at the destination. The record is pending; the message "
        + "names the parent.",
      example: "a note of the contact c1, which failed", fix: "Fix the parent: its own ledger lines say why it is missing."),
    Entry(
      .resultUnknown,
      "A warning: a request was sent and may have been carried out, but no response says so. The record is pending, and nothing "
        + "else is sent for it until its result is known.",
      example: "the connection was lost after the request",
      fix: "Run again: the destination is asked first. Without find or idempotency keys, look for the record there yourself, "
        + "and report what you found: waybill journal resolve --key c1 --as stored (or --as absent)."),
    Entry(
      .notSent, "A warning: the record was not sent. It is pending; the message says why.",
      example: "the destination cannot be reached; it was stopped after many failures; the run was interrupted",
      fix: "Resume the run, or run again, once the destination works: these records are sent first."),
    Entry(
      .notApplied,
      "A warning: the destination accepted the record, but has another value in this field: it stored something else, or it "
        + "kept the old value because the field has none now and the update left it out.",
      example: "sent \"Mr\", stored null",
      fix: "Send a value that the destination keeps, remove the field from the mapping, or declare the change: "
        + "normalizes: {email: lower}. For a value that is gone, send null (body: {nulls: write}) or an empty value (default)."),
    Entry(
      .notCompared,
      "A warning: the destination accepted the record, but the lookup that reads it back (read_back) failed or did not find "
        + "it.",
      example: "GET /contacts?contactId=c1 responds with 503",
      fix: "Check the record at the destination. If records appear there only after a delay, remove read_back."),
    Entry(
      .remoteIDShared,
      "A warning: the destination accepted the record, but returned the ID of another record in the mapping. It treats "
        + "the two as one record, so updating either one overwrites the other.",
      example: "the API recognizes contacts by email address, and two contacts share one",
      fix:
        "Merge such records in the mapping: merge: {by: [email], keep: newest}. If all records get one ID, correct remote_id."
    ),
    Entry(
      .overwritten,
      "A warning: somebody had changed the record at the destination since it was last loaded, and the update overwrote the "
        + "values of the fields that the mapping writes.",
      example: "412 for If-Match with the old tag; then the update with the new one is accepted",
      fix: "Check the record there. To keep such changes, write conflict: {then: reject}, and the record fails instead."),
    Entry(
      .outstanding,
      "The destination refused the record in an earlier run, and neither the record nor the request that would send it has changed "
        + "since, so it was not sent again. The record failed.",
      example: "422 in last night's run, and the same e-mail address tonight",
      fix: "Fix the record at its source or in the mapping, and the next run sends it. If the destination would accept it "
        + "now, run `waybill replay`."),
    Entry(
      .planDiffers,
      "The record was not sent, because it is not as the dry run found it: somebody has changed, removed or created it at the "
        + "destination since. `run --apply` stops there.",
      example: "the dry run lists a new phone number for c17, and meanwhile somebody enters another one at the destination",
      fix: "If the change there is right, start with a new dry run. If it is undone, apply the dry run again."),
    Entry(
      .drifted,
      "A warning: nothing was to be sent for the record, and verify found that the destination no longer has it as it was loaded: "
        + "somebody has changed or removed it there. There is one line for each field, or one for a record that is gone.",
      example: "a phone number was corrected by hand in the application",
      fix:
        "If the change is right, make it at the source as well. Otherwise, verify: {share: 5%, then: resend} sends such records again."
    ),
    Entry(
      .notVerified, "A warning: verify could not look the record up, so it is not known whether the destination still has it.",
      example: "GET /contacts?contactId=c1 responds with 403",
      fix: "Check `find` and the permissions of the credentials. The record itself is not affected."),
    Entry(
      .identitySplit,
      "The record was not sent, because it matches several contacts in GHL: its e-mail address leads to one and its phone number "
        + "to another, or one of them leads to several. The message names their IDs.",
      example: "{\"email\": \"ann@x.io\", \"phone\": \"+15550100\"}, and each belongs to a different contact",
      fix: "Merge the contacts in GHL, correct the record, or match by only one of the two: match: [email]."),
    Entry(
      .repeatedKey,
      "A warning: an earlier record in the run has the same target key. Both are sent in order, so the destination keeps the "
        + "last one. If they differ, the next run sends both again.",
      example: "two lines in the file with the ID c1",
      fix: "Keep only one of them with the mapping: unique: [contactId], or merge: {by: [contactId], keep: newest}."),
    Entry(
      .unmappedField,
      "A record that `waybill load` reads has a field that the mapping does not write, so it would not be sent.",
      example: "{\"contactId\": \"c1\", \"shoeSize\": 44}, where the mapping has no field shoeSize",
      fix: "Remove the field from the records, or add it to the mapping's fields."),
    Entry(
      .remoteIDMissing,
      "A warning: the destination created the record, but the response has no ID at the place that remote_id names.",
      example: "remote_id: id, and the response is {\"contact\": {\"id\": 17}}", fix: "Correct remote_id: contact.id."),
  ]
}
