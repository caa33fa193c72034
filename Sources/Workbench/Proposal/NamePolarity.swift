/// Whether a name affirms or denies: `subscribed` and `optIn` against `unsubscribed`, `do not contact` and `DND`.
///
/// A negating word inverts the denial that follows it, so `not unsubscribed` affirms. Other denials side by side, as in
/// `suppressed: unsubscribed`, leave the meaning in doubt. A name without any such word affirms: `newsletter` is the
/// opposite of `noNewsletter`. A doubtful word counts as negating: a missed pair costs a line of work, a wrong pair costs
/// people's consent.
struct NamePolarity: Sendable, Hashable {
  let isNegative: Bool
  /// Whether several words deny, and none of them inverts another.
  let isDoubtful: Bool

  init(_ words: [String]) {
    var reader = PolarityReader(words: words)
    let denials = reader.denials()
    isNegative = denials > 0
    isDoubtful = denials > 1
  }
}

private struct PolarityReader {
  let words: [String]
  private var index = 0

  init(words: [String]) { self.words = words }

  /// The number of denials that no other word inverts.
  mutating func denials() -> Int {
    var count = 0
    // Where a denial would be inverted: right after a negating word.
    var inverted: Int?
    while index < words.count {
      let start = index
      let (denials, length) = phrase()
      index += length
      if denials % 2 == 1 {
        count += inverted == start ? -1 : 1
        inverted = inverted != start && Self.inverting.contains(words[index - 1]) ? index : nil
      } else {
        inverted = inverted == start && Self.fillers.contains(words[start]) ? index : nil
      }
    }
    return count
  }

  private func word(_ offset: Int) -> String? { words.indices.contains(index + offset) ? words[index + offset] : nil }

  private func phrase() -> (denials: Int, length: Int) {
    let first = words[index]
    if first == "no" { return (deniesAsNo() ? 1 : 0, 1) }
    guard let next = word(1) else { return (first == "off" && index > 0 ? 1 : Self.denials(of: first), 1) }
    if ["opt", "opted", "opting", "opts"].contains(first), ["in", "out", "ins", "outs"].contains(next) {
      return (next.hasPrefix("out") ? 1 : 0, 2)
    }
    if ["turned", "switched", "toggled", "is", "are"].contains(first), next == "off" { return (1, 2) }
    if Self.verbs.contains(first), next == "not" { return (1, 2) }
    if Self.prefixes.contains(first), let known = Self.sign(ofWhole: first + next) { return (known, 2) }
    return (Self.denials(of: first), 1)
  }

  /// Whether this `no` denies, rather than being short for "number": `Phone No`, `No. of employees`, a column `No`.
  private func deniesAsNo() -> Bool {
    let next = word(1)
    guard index > 0 else { return next != nil && next != "of" }
    if next.map(Self.actions.contains) == true { return true }
    return next != "of" && !Self.numbered.contains(words[index - 1])
  }

  private static func denials(of word: String) -> Int {
    if let known = sign(ofWhole: word) { return known }
    // Several words run together: `emailoptout`, `donotcall`, `isinactive`, `contactunsubscribed`.
    if let verb = verbs.first(where: { word.hasPrefix($0 + "not") && word.count > $0.count + 3 }),
      !["note", "noti"].contains(where: { word.hasPrefix(verb + $0) })
    {
      return 1 + denials(of: String(word.dropFirst(verb.count + 3)))
    }
    if word.hasPrefix("dont"), word.count > 4 { return 1 + denials(of: String(word.dropFirst(4))) }
    for form in ["optout", "optedout", "donot"] where word.contains(form) { return 1 }
    for form in ["optin", "optedin"] where word.contains(form) { return 0 }
    for form in ["is", "has", "are", "was"] where word.hasPrefix(form) {
      if let known = sign(ofWhole: String(word.dropFirst(form.count))) { return known }
    }
    if word.hasPrefix("nicht"), word.count > 5 { return 1 + denials(of: String(word.dropFirst(5))) }
    for form in ["hasno", "haveno"] where word.hasPrefix(form) {
      if actions.contains(String(word.dropFirst(form.count))) { return 1 }
    }
    if word.hasPrefix("no"), actions.contains(String(word.dropFirst(2))) { return 1 }
    if word.hasPrefix("dnd") || word.hasSuffix("dnd") { return 1 }
    guard let ending = longestEnding(of: word) else { return isDeniedParticiple(word) ? 1 : 0 }
    if positive.contains(ending), isDeniedParticiple(word) { return 1 }
    let before = word.dropLast(ending.count)
    let own = negative.contains(ending) ? 1 : 0
    return own + (["un", "non", "not", "dis", "in"].contains { before.hasSuffix($0) } ? 1 : 0)
  }

  /// 0 or 1 for a known word, or one with a denying prefix; nil for any other.
  private static func sign(ofWhole word: String) -> Int? {
    if let known = sign(ofKnown: word) { return known }
    for prefix in prefixes where word.hasPrefix(prefix) && word.count > prefix.count + 2 {
      if let rest = sign(ofKnown: String(word.dropFirst(prefix.count))) { return 1 - rest }
    }
    return nil
  }

  /// For a word in the lists, in any form of its verb: `rejects` and `rejecting` as `rejected`.
  private static func sign(ofKnown word: String) -> Int? {
    if negative.contains(word) { return 1 }
    if positive.contains(word) { return 0 }
    for base in bases(of: word) where base.count >= 4 && !nouns.contains(base) {
      let forms = [base, base + "ed", base + "d"]
      if forms.contains(where: negative.contains) { return 1 }
      if forms.contains(where: positive.contains) { return 0 }
    }
    return nil
  }

  /// The possible base forms of a verb: `denies` from `deny`, `stopping` from `stop`.
  private static func bases(of word: String) -> [String] {
    var bases = [word]
    if word.hasSuffix("ies") { bases.append(word.dropLast(3) + "y") }
    for ending in ["s", "es", "d", "ed", "ing"] where word.hasSuffix(ending) {
      let base = String(word.dropLast(ending.count))
      bases.append(base)
      if ending == "ing" { bases.append(base + "e") }
      if ending.count > 1, let last = base.last, base.dropLast().last == last { bases.append(String(base.dropLast())) }
    }
    return bases
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
  /// Words that `no` before them denies, rather than being short for "number".
  private static let actions: Set<String> = [
    "contact", "email", "emails", "mail", "mails", "mailing", "mailings", "call", "calls", "calling", "sms", "text", "texts",
    "texting", "marketing", "newsletter", "newsletters", "consent", "longer", "ads", "tracking", "sale", "share", "sharing",
    "messages", "notifications", "whatsapp", "phone", "phones", "fax",
  ]
  /// Things that have a number: `Account No`.
  private static let numbered: Set<String> = [
    "phone", "tel", "telephone", "mobile", "cell", "fax", "account", "acct", "order", "invoice", "customer", "client", "member",
    "membership", "employee", "staff", "house", "room", "flat", "apartment", "building", "street", "serial", "part", "item",
    "model", "reference", "ref", "license", "licence", "registration", "reg", "vat", "tax", "gst", "passport", "contract", "case",
    "ticket", "bank", "card", "policy", "po", "line", "batch", "lot", "document", "doc", "roll", "flight", "seat", "unit",
    "receipt", "bill", "cheque", "check", "vehicle", "article", "product", "project", "record", "row", "sequence", "seq", "id",
    "position", "page", "version", "week", "post", "box", "company", "business", "national", "insurance", "security",
  ]
  /// After one of these words, a denial affirms: `not unsubscribed`.
  private static let inverting: Set<String> = [
    "not", "no", "non", "never", "without", "cannot", "none", "neither", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt",
    "hasnt", "havent", "cant", "wont", "shouldnt", "mustnt", "nicht", "kein", "keine", "pas", "sin", "sans", "ohne",
  ]
  /// Words that may come between a negating word and what it inverts: `never been blocked`, `no longer inactive`.
  private static let fillers: Set<String> = ["be", "been", "being", "yet", "longer", "an", "the", "currently", "ever"]
  /// Nouns that look like forms of a denying verb but are not: `credit limit`, `object id`.
  private static let nouns: Set<String> = ["limit", "object"]

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
    "former", "formerly", "ex", "lack", "lacks", "lacking", "excl", "except", "bans", "banning", "mutes", "muting", "refrain",
    "nicht", "kein", "keine", "keinen", "keiner", "ohne", "nie", "abgemeldet", "abbestellt", "gesperrt", "inaktiv", "abgelehnt",
    "deaktiviert", "widerrufen", "pas", "sans", "jamais", "aucun", "aucune", "désabonné", "désabonnée", "désinscrit", "désactivé",
    "inactif", "refusé", "bloqué", "sin", "nunca", "ningún", "ninguno", "ninguna", "baja", "bloqueado", "cancelado", "rechazado",
    "desactivado", "inactivo", "desuscrito", "stop", "withdrawal", "deactivation", "cancellation", "suspension", "termination",
    "rejection", "refusal", "denial",
  ]

  private static let positive: Set<String> = [
    "consent", "consents", "consented", "consenting", "subscribed", "subscribe", "subscribes", "subscriber", "optin", "optins",
    "optedin", "active", "activated", "activate", "enabled", "enable", "allowed", "allow", "allows", "permitted", "permit",
    "permission", "valid", "validated", "visible", "shown", "verified", "confirmed", "approved", "accepted", "accept", "granted",
    "included", "include", "available", "reachable", "complete", "completed", "paid", "present", "agreed", "agree", "contactable",
    "mailable", "emailable", "callable", "textable", "marketable", "deliverable", "whitelisted", "whitelist", "allowlisted",
    "allowlist", "eligible", "qualified",
    "known", "published", "public", "listed", "installed", "connected", "engaged", "assigned", "opened", "online", "true",
    "responsive", "safe", "correct", "accurate", "accessible", "registered", "delivered", "successful", "alive", "current",
    "read",
    "resolved", "solved", "finished", "done", "interested", "trusted", "wanted", "authorized", "authorised", "licensed",
    "insured",
    "employed", "married", "cleared", "regular", "important", "ended",
  ]
}
