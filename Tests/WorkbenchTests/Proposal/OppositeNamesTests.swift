import Testing

@testable import Workbench

@Suite("Names of opposite meaning")
struct OppositeNamesTests {
  private func matches(_ target: String, _ source: String) -> Bool {
    let names = [target, source].map { NameWords($0.split(separator: "/").map(String.init)) }
    return NameMatch.match(target: names[0], source: names[1], entity: "contact") != nil
  }

  @Test(arguments: [
    // A denial in front of a name that denies.
    ("suppression/unsubscribed", "subscribed"), ("suppression/inactive", "active"), ("dnd/doNotCall", "call"),
    ("optOuts/optInStatus", "optInStatus"), ("suppression/unsubscribed", "unsubscribed"), ("dnd/doNotCall", "do_not_call"),
    ("suppression/doNotCall", "suppression/do_not_call"), ("blocked/email", "email"), ("suppressed unsubscribed", "subscribed"),
    // Words that contain an affirming word.
    ("unemailable", "emailable"), ("nonemailable", "emailable"), ("unemailable", "mailable"),
    ("contactUnemailable", "contactEmailable"),
    ("unmailable", "mailable"), ("uncallable", "callable"),
    // Prefixes, whatever the word is.
    ("insecure", "secure"), ("unhealthy", "healthy"), ("uncertain", "certain"), ("illegal", "legal"),
    ("emailUnfriendly", "emailFriendly"), ("emailUnready", "emailReady"), ("consentUngiven", "consent_given"),
    ("immature", "mature"),
    ("irregularVisitor", "regularVisitor"), ("dissimilar", "similar"), ("atypical", "typical"),
    ("emailunfriendly", "emailfriendly"),
    ("antisocial", "social"), ("misinformed", "informed"), ("nonprofit", "profit"), ("insecure", "isSecure"),
    ("unhealthy", "healthyFlag"), ("careless", "care"), ("dishonest", "honest"),
    // Forms of a verb.
    ("receivesMail", "rejectsMail"), ("receivingMail", "rejectingMail"), ("acceptsCalls", "blocksCalls"),
    ("allowsSms", "deniesSms"),
    ("takesCalls", "refusesCalls"), ("smsStarted", "smsStopping"), ("gettingMail", "suppressingMail"),
    // A word at the end.
    ("mailingYes", "mailingNo"), ("mailing", "mailingNo"), ("mailingOn", "mailingOff"), ("callsYes", "callsNot"),
    ("smsOn", "smsOff"),
    // Other languages.
    ("abonniert", "nichtAbonniert"), ("abonniert", "nichtabonniert"), ("werbung", "keineWerbung"), ("abonné", "pasAbonné"),
    ("abonné", "non abonné"), ("suscrito", "no suscrito"), ("clienteSuscrito", "clienteNoSuscrito"), ("correo", "sinCorreo"),
    ("angemeldet", "abgemeldet"), ("abonné", "désabonné"),
    // Other denying words.
    ("consent", "withoutConsent"), ("consent", "lacksConsent"), ("customer", "exCustomer"), ("customer", "former customer"),
    ("contacted", "neverContacted"), ("membership", "cancelledMembership"), ("sub", "unsub"), ("email", "noEmail"),
    ("hasConsent", "hasNoConsent"), ("hasPhone", "hasNoPhone"), ("hasphone", "hasnophone"), ("isMember", "isNotMember"),
    ("ismember", "isnotmember"), ("import", "export"),
  ])
  func `Opposites never match, in either direction`(pair: (String, String)) {
    #expect(!matches(pair.0, pair.1), "\(pair)")
    #expect(!matches(pair.1, pair.0), "\(pair)")
  }

  @Test(arguments: [
    ("subscribed", "isSubscribed"), ("doNotCall", "Do not call"), ("optOut", "opted_out"), ("optOut", "opt-out"),
    ("unsubscribed", "Unsubscribed"), ("emailOptOut", "is_email_opt_out"), ("inactive", "is_inactive"),
    ("insecure", "isInsecure"),
    ("notUnsubscribed", "not unsubscribed"), ("neverBlocked", "never blocked"), ("hasNotes", "has notes"),
    ("phoneNo", "Phone No"), ("creditLimit", "credit_limit"), ("consent/withdrawn", "consent_withdrawn"),
    ("suppression/unsubscribed", "suppression/unsubscribed"), ("firstName", "given_name"), ("objectId", "object_id"),
    ("invoiceNumber", "invoice_number"), ("email", "e-mail"), ("abgemeldet", "Abgemeldet"), ("dnd/email", "dnd_email"),
    ("optIns", "opt_ins"), ("nichtAbonniert", "nicht abonniert"), ("companyName", "compnayName"),
  ])
  func `Names that say the same match`(pair: (String, String)) { #expect(matches(pair.0, pair.1), "\(pair)") }

  @Test(arguments: [
    "not unsubscribed", "never been blocked", "no longer inactive", "isNotDisabled", "Account No", "Order no. 2", "notes",
    "hasnotes",
    "No", "offer", "credit limit", "object",
  ])
  func `A denial of a denial affirms, and a number denies nothing`(name: String) {
    #expect(!NamePolarity(NameWords.words(name)).isNegative)
  }

  @Test(arguments: ["suppressed unsubscribed", "do not contact: unsubscribed", "blocked or deleted"])
  func `Two denials side by side are doubtful`(name: String) { #expect(NamePolarity(NameWords.words(name)).isDoubtful) }
}
