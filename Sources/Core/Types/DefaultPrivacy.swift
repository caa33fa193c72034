/// How to show a field of which only the name is known: a column of a CSV file, or a member that no shape has.
///
/// Fields named like an e-mail address, a phone number, a person's name, an address, a birth date, an identity number, an IP
/// address or free text are masked; other fields are shown. The name is read as words, however they are joined:
/// `First Name`, `first_name`, `firstName`, `FIRSTNAME`; look-alikes of Latin letters are read as those letters.
package enum DefaultPrivacy {
  package static func policy(of name: String) -> Privacy {
    let words = words(of: SeenName(name).text)
    guard let last = words.last else { return .show }
    if describing.contains(last), words.count > 1 { return .show }
    if words.contains(where: personal.contains) || personal.contains(words.joined()) { return .mask }
    if words.contains("name") || words.contains("names") {
      let others = words.filter { $0 != "name" && $0 != "names" }
      return others.isEmpty || others.contains(where: ofPeople.contains) ? .mask : .show
    }
    return words == ["state"] ? .mask : .show
  }

  /// Words for attributes of a personal value rather than the value itself: `emailStatus`, `phone_type`.
  private static let describing: Set<String> = ["status", "label", "type", "count", "id", "ids", "valid", "verified"]

  private static let personal: Set<String> = [
    "email", "emails", "mail", "mails", "emailaddress", "phone", "phones", "phonenumber", "telephone", "tel", "mobile",
    "mobilephone", "cell", "cellphone", "fax", "firstname", "lastname", "fullname", "middlename", "surname", "forename",
    "nickname", "givenname", "familyname", "maidenname", "contactname", "address", "addresses", "street", "streetaddress",
    "city", "town", "zip", "zipcode", "postal", "postcode", "postalcode", "birth", "birthday", "birthdate", "birthmonth",
    "birthyear", "dateofbirth", "dob", "ssn", "ip", "ipaddress", "note", "notes", "comment", "comments", "body", "message",
    "messages", "passport", "iban",
  ]

  private static let ofPeople: Set<String> = [
    "first", "last", "full", "middle", "given", "family", "maiden", "contact", "person", "customer", "client", "display",
    "lower", "raw", "sur", "fore", "nick", "legal", "preferred",
  ]

  /// In lower case; a digit ends a word, and so does the step from a lower-case letter to an upper-case one.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasLower = false
    for character in name {
      if character.isLetter {
        if character.isUppercase, wasLower {
          words.append(word)
          word = ""
        }
        word += character.lowercased()
        wasLower = character.isLowercase
      } else {
        if !word.isEmpty { words.append(word) }
        word = ""
        wasLower = false
      }
    }
    if !word.isEmpty { words.append(word) }
    // `e-mail`
    if let index = words.firstIndex(of: "e"), index + 1 < words.count, words[index + 1].hasPrefix("mail") {
      words.remove(at: index)
    }
    return words
  }
}
