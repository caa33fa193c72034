import Testing

@testable import Workbench

@Suite("Names that affirm and names that deny")
struct NamePolarityTests {
  private func isNegative(_ name: String) -> Bool { NameWords(name.split(separator: "/").map(String.init)).polarity.isNegative }

  @Test(arguments: [
    "Unsubscribed from all email", "unsubscribed", "un-subscribed", "emailUnsubscribed", "emailunsubscribed", "optOut", "opt_out",
    "Opted out", "hs_email_optout", "HasOptedOutOfEmail", "emailoptout", "doNotContact", "Do Not Call", "donotemail",
    "don't call",
    "Don’t email", "dontcall", "DND", "dndEmail", "DNDEmail", "isDND", "inactive", "in-active", "is_inactive", "isinactive",
    "not active", "notActive", "deactivated", "disabled", "dis-abled", "blocked", "is_blocked", "suppressed", "excluded",
    "hidden",
    "deleted", "isDeleted", "archived", "revoked", "declined", "invalid", "unverified", "unconfirmed", "noEmail", "No marketing",
    "noemail", "nonMarketable", "disallowed", "unreachable", "bounced", "Email No Longer Valid", "never contact", "cannot call",
    "notifications turned off", "consent/withdrawn", "email_off", "sms stop", "unread", "unpaid", "nonsubscriber", "do_not_sell",
    "not_opted_in", "former customer",
    "offline", "unfollowed", "undeliverable",
  ])
  func `A word that denies makes a name negative`(name: String) { #expect(isNegative(name), "\(name)") }

  @Test(arguments: [
    "consent", "Consent/email", "opt-in", "optIn", "Opted in", "subscribed", "isSubscribed", "active", "is_active", "enabled",
    "allowed", "valid", "visible", "verified", "newsletter", "email", "Phone No", "No. of employees", "not unsubscribed",
    "never unsubscribed", "not blocked", "unblocked", "undeleted", "isNotInactive", "donotunsubscribe", "notInvalid",
    "unarchived",
    "interactive", "attractive", "country", "notes", "node", "north", "united", "unit", "information", "under", "invoice",
    "index",
    "noted", "description", "department", "island", "image",
  ])
  func `A name without a denying word, or with two, is positive`(name: String) { #expect(!isNegative(name), "\(name)") }

  static let opposites = [
    ("consent/email", "Unsubscribed from all email"), ("subscribed", "unsubscribed"), ("active", "inactive"),
    ("active", "Inactive?"),
    ("enabled", "disabled"), ("optIn", "opt_out"), ("contactable", "do not contact"), ("allowed", "blocked"),
    ("newsletter", "No newsletter"),
    ("doNotDisturb", "disturb"), ("valid", "invalid"), ("visible", "hidden"), ("unsubscribed", "not unsubscribed"),
    ("dnd", "consent"),
    ("emailOptIn", "Email Opt-Out"), ("isActive", "is_not_active"), ("verified", "unverified"),
    ("marketing/allowed", "marketing/disallowed"),
  ]

  @Test(arguments: opposites)
  func `Opposites never match, in either direction`(pair: (String, String)) {
    let names = [pair.0, pair.1].map { NameWords($0.split(separator: "/").map(String.init)) }
    #expect(NameMatch.match(target: names[0], source: names[1], entity: "contact") == nil)
    #expect(NameMatch.match(target: names[1], source: names[0], entity: "contact") == nil)
  }

  @Test(arguments: [
    ("billing/city", "Shipping City"), ("startDate", "End Date"), ("createdAt", "Updated At"), ("minPrice", "Max Price"),
    ("homePhone", "Work Phone"), ("sender", "Receiver"), ("firstSeen", "Last Seen"),
  ])
  func `Names with words that tell two fields apart never match`(pair: (String, String)) {
    let names = [pair.0, pair.1].map { NameWords($0.split(separator: "/").map(String.init)) }
    #expect(NameMatch.match(target: names[0], source: names[1], entity: "contact") == nil)
  }

  @Test(arguments: [
    ("doNotDisturb", "dnd"), ("unsubscribed", "Unsubscribed"), ("optedOut", "opted_out"), ("email", "E-Mail"),
    ("isActive", "is active"),
    ("deletedAt", "deleted_at"), ("contactId", "id"),
  ])
  func `Names with the same meaning match`(pair: (String, String)) {
    let names = [pair.0, pair.1].map { NameWords([$0]) }
    #expect(NameMatch.match(target: names[0], source: names[1], entity: "contact") != nil)
  }
}
