package import Mapping
import Settings

/// The keywords of a `ghl` destination.
package enum GHLKeywords {
  static let maxPercent = 0.01...100.0
  /// For a few seconds, a search may miss what was just written.
  static let longestCall = 10...3_600
  static let delete = "delete"

  package static let document = KeywordGroup([
    Keyword("location", .text, required: true, "The ID of the location to write to."),
    Keyword("auth", .group(auth), required: true, "Where to find the location's private integration token."),
    Keyword("base_url", .text, "The API's address, if it is not GHL's own."),
    Keyword(
      "version", .words(["dated", "v3"]), "The generation of GHL's API: the versions named by a date (default), or v3."),
    Keyword(
      "allow", .list(.words([delete])),
      "delete allows mappings with `delete`, and `waybill undo`, to delete contacts, tasks and notes (default: nothing is deleted)."
    ),
    Keyword("budget", .group(budget), "How much of the location's quota a run may use."),
    Keyword(
      "longest_call", .text,
      "The longest time that a call may run in GHL after its connection is lost, or that its search may lag, from 10s to 1h (default 60s)."
    ),
    Keyword("mappings", .map(.group(part), atLeast: 1), required: true, "What each mapping that goes here writes, by its name."),
  ])

  /// The tokens of a location; sources use it, too.
  package static let auth = KeywordGroup(
    [
      Keyword("token", secret, "Where to find the token; never the token itself."),
      Keyword("fallback", secret, "Another token, used if the first is refused."),
      Keyword("oauth", .literal, reserved: true, "An OAuth connection."),
    ], alternatives: ["token", "oauth"])

  private static let secret = KeywordShape.anyOf([.group(SecretKeywords.secret), .group(SecretKeywords.helper)])

  package static let budget = KeywordGroup([Keyword("daily_percent", .percent, "Percentage of the daily quota.")])

  static let part = KeywordGroup([
    Keyword(
      "to", .words(GHLPartDocument.Target.allCases.map(\.rawValue)), required: true,
      "What its records become: contacts, tasks, notes, tags of contacts, or the business of contacts."),
    Keyword(
      "contact", .group(contact),
      "The contact that a record belongs to: the mapping of the contacts, and the field with the contact's key."),
    Keyword(
      "write", .words(GHLPartDocument.Write.allCases.map(\.rawValue)),
      "The route for new contacts: create (default), or upsert where the lookup allows it."),
    Keyword(
      "match", .list(.words(GHLPartDocument.Identifier.allCases.map(\.rawValue))),
      "What identifies a contact that GHL already has (default: [email, phone]); []: existing contacts are never taken over."),
    Keyword(
      "existing", .words(["update", "adopt", "reject"]),
      "What happens to a contact that GHL already has: update it (default), adopt it as it is, or reject the record."),
    Keyword(
      "tags", .words(["replace"]),
      "replace: the field `tags` replaces all tags of the contact, including those set by others."),
    Keyword(
      "do", .words(GHLPartDocument.TagAction.allCases.map(\.rawValue)),
      "Whether `to: tags` adds the tags (default) or removes them."
    ),
    Keyword(
      "delete", .text,
      "Another mapping of this destination: those of its records that have a key of this one are deleted. Requires allow: [delete]."
    ),
    Keyword(
      "max_percent", .number(maxPercent),
      "With `delete`: the largest share of the loaded records that one run may delete (default 1)."
    ),
    Keyword(
      "read_back", .anyOf([.text, .group(verify)]),
      "The share of the written records that are read back and compared with what was sent (default {share: 100%, then: resend})."
    ),
    Keyword(
      "verify", .anyOf([.text, .group(verify)]),
      "The share of the unchanged records that each run looks up and compares with what was loaded: 5% (default: none)."),
    Keyword(
      "before", .anyOf([.words([HTTPKeywords.save]), .group(HTTPKeywords.before)]),
      "save keeps what GHL has before and after each write, so that `waybill undo` can put it back (default: nothing is kept)."),
    Keyword(
      "normalizes", .map(.oneOrMore(.words(FieldNormalizer.names)), atLeast: 1),
      "Further target fields that GHL changes by design, and how, so that the changes are not reported."),
  ])

  static let contact = KeywordGroup([
    Keyword("mapping", .text, required: true, "The mapping whose records are the contacts."),
    Keyword("field", .text, required: true, "The field with the contact's key."),
  ])

  private static let verify = HTTPKeywords.verify
}
