/// Whether a name says yes or no: `subscribed` and `optIn` against `unsubscribed`, `do not contact` and `DND`.
///
/// Each negating word inverts the meaning, so that `not unsubscribed` says yes. A name without any such word says
/// yes: `newsletter` is the opposite of `noNewsletter`. A doubtful word counts as negating: a pair that is not
/// proposed costs a line of work, a pair that is wrong costs people's consent.
struct NamePolarity: Sendable, Hashable {
  let isNegative: Bool

  init(_ words: [String]) {
    var reader = PolarityReader(words: words)
    isNegative = reader.denials() % 2 == 1
  }

  func isOpposite(of other: NamePolarity) -> Bool { isNegative != other.isNegative }
}

private struct PolarityReader {
  let words: [String]
  private var index = 0

  init(words: [String]) { self.words = words }

  /// The number of negating words.
  mutating func denials() -> Int {
    var count = 0
    while index < words.count {
      let (denials, length) = phrase()
      count += denials
      index += length
    }
    return count
  }

  private func word(_ offset: Int) -> String? { words.indices.contains(index + offset) ? words[index + offset] : nil }

  private func phrase() -> (denials: Int, length: Int) {
    let first = words[index]
    guard let next = word(1) else { return (first == "off" && index > 0 ? 1 : Self.denials(of: first), 1) }
    if ["opt", "opted", "opting", "opts"].contains(first), ["in", "out"].contains(next) { return (next == "out" ? 1 : 0, 2) }
    if ["turned", "switched", "toggled", "is", "are"].contains(first), next == "off" { return (1, 2) }
    if Self.verbs.contains(first), next == "not" { return (1, 2) }
    if Self.prefixes.contains(first), let known = Self.sign(ofWhole: first + next) { return (known, 2) }
    if first == "no" {
      // `Phone No`, `No. of employees`: a number.
      let isNumber = next == "of" || (index > 0 && !Self.actions.contains(next))
      return (isNumber ? 0 : 1, 1)
    }
    return (Self.denials(of: first), 1)
  }

  private static func denials(of word: String) -> Int {
    if let known = sign(ofWhole: word) { return known }
    // Words in one: `emailoptout`, `donotcall`, `isinactive`, `contactunsubscribed`.
    if let verb = verbs.first(where: { word.hasPrefix($0 + "not") && word.count > $0.count + 3 }) {
      return 1 + denials(of: String(word.dropFirst(verb.count + 3)))
    }
    if word.hasPrefix("dont"), word.count > 4 { return 1 + denials(of: String(word.dropFirst(4))) }
    for form in ["optout", "optedout", "donot"] where word.contains(form) { return 1 }
    for form in ["optin", "optedin"] where word.contains(form) { return 0 }
    for form in ["is", "has", "are", "was"] where word.hasPrefix(form) {
      if let known = sign(ofWhole: String(word.dropFirst(form.count))) { return known }
    }
    if word.hasPrefix("no"), actions.contains(String(word.dropFirst(2))) { return 1 }
    if word.hasPrefix("dnd") || word.hasSuffix("dnd") { return 1 }
    guard let ending = longestEnding(of: word) else { return isDeniedParticiple(word) ? 1 : 0 }
    let before = word.dropLast(ending.count)
    let own = negative.contains(ending) ? 1 : 0
    return own + (["un", "non", "not", "dis", "in"].contains { before.hasSuffix($0) } ? 1 : 0)
  }

  /// 0 or 1 of a word that is known, or is one with a prefix that denies; nil of any other.
  private static func sign(ofWhole word: String) -> Int? {
    if negative.contains(word) { return 1 }
    if positive.contains(word) { return 0 }
    for prefix in prefixes where word.hasPrefix(prefix) && word.count > prefix.count + 2 {
      let rest = String(word.dropFirst(prefix.count))
      if negative.contains(rest) { return 0 }
      if positive.contains(rest) { return 1 }
    }
    return nil
  }

  /// `unfollowed`, `nonmarketable`.
  private static func isDeniedParticiple(_ word: String) -> Bool {
    guard let prefix = ["un", "non"].first(where: { word.hasPrefix($0) }), !word.hasPrefix("under") else { return false }
    let rest = word.dropFirst(prefix.count)
    return rest.count >= 5 && !["united", "unified", "unionized"].contains(word)
      && ["ed", "able", "ible", "ing"].contains { rest.hasSuffix($0) }
  }

  private static func longestEnding(of word: String) -> String? {
    for start in word.indices.dropFirst() {
      let ending = String(word[start...])
      guard ending.count >= 5 else { return nil }
      if negative.contains(ending) || positive.contains(ending) { return ending }
    }
    return nil
  }

  private static let prefixes = ["un", "in", "non", "not", "dis", "de", "im", "ir", "il", "mis", "anti"]
  private static let verbs = [
    "do", "does", "did", "is", "are", "was", "has", "have", "can", "will", "would", "should", "may", "must",
  ]
  /// What `no` before it denies, rather than being short for number.
  private static let actions: Set<String> = [
    "contact", "email", "emails", "mail", "mails", "mailing", "mailings", "call", "calls", "calling", "sms", "text", "texts",
    "texting", "marketing", "newsletter", "newsletters", "consent", "longer", "ads", "tracking", "sale", "share", "sharing",
    "messages", "notifications", "whatsapp",
  ]

  private static let negative: Set<String> = [
    "not", "never", "non", "without", "cannot", "none", "neither", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "hasnt",
    "havent", "cant", "wont", "shouldnt", "mustnt",
    "unsubscribed", "unsubscribe", "unsubscribes", "unsub", "unsubs", "optout", "optouts", "optedout", "dnd", "dnc", "dne", "dnm",
    "disabled", "disable", "inactive", "deactivated", "deactivate", "blocked", "blocklist", "blocklisted", "blacklist",
    "blacklisted", "denylist", "denylisted", "suppressed", "suppress", "suppression", "excluded", "exclude", "exclusion",
    "hidden",
    "hide", "deleted", "delete", "deletion", "removed", "archived", "archive", "revoked", "revoke", "revocation", "declined",
    "decline", "invalid", "banned", "ban", "bounced", "bounce", "bounces", "hardbounced", "denied", "deny", "rejected", "reject",
    "cancelled", "canceled", "cancel", "closed", "expired", "lapsed", "churned", "stopped", "paused", "suspended", "terminated",
    "muted", "mute", "silenced", "withdrawn", "withdraw", "refused", "refuse", "prohibited", "forbidden", "voided", "deceased",
    "lost", "absent", "failed", "failure", "locked", "missing", "false", "exempt", "exempted", "ignored", "ignore", "skipped",
    "skip", "offline", "obsolete", "deprecated", "retired", "discontinued", "complained", "complaint", "objected", "objection",
    "opposed", "restricted", "limited", "unwanted", "dormant", "stale", "defunct", "abandoned", "quarantined", "private",
    "former", "stop", "withdrawal", "deactivation", "cancellation", "suspension", "termination", "rejection", "refusal", "denial",
  ]

  private static let positive: Set<String> = [
    "consent", "consents", "consented", "consenting", "subscribed", "subscribe", "subscribes", "subscriber", "optin", "optins",
    "optedin", "active", "activated", "activate", "enabled", "enable", "allowed", "allow", "allows", "permitted", "permit",
    "permission", "valid", "validated", "visible", "shown", "verified", "confirmed", "approved", "accepted", "accept", "granted",
    "included", "include", "available", "reachable", "complete", "completed", "paid", "present", "agreed", "agree", "contactable",
    "mailable", "marketable", "deliverable", "whitelisted", "whitelist", "allowlisted", "allowlist", "eligible", "qualified",
    "known", "published", "public", "listed", "installed", "connected", "engaged", "assigned", "opened", "online", "true",
    "responsive", "safe", "correct", "accurate", "accessible", "registered", "delivered", "successful", "alive", "current",
    "read",
    "resolved", "solved", "finished", "done", "interested", "trusted", "wanted", "authorized", "authorised", "licensed",
    "insured",
    "employed", "married", "cleared", "regular", "important", "ended",
  ]
}
