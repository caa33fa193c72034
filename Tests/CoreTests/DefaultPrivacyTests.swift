import Core
import Testing

@Suite struct DefaultPrivacyTests {
  @Test(
    "a field that its name says to be personal is masked",
    arguments: [
      "email", "E-Mail", "Email Address", "additional_emails", "workEmail", "phone", "Phone 2", "mobile_phone", "name", "Name",
      "First Name", "first_name", "firstName", "FIRSTNAME", "lastNameRaw", "fullNameLowerCase", "contactName", "address1",
      "Street", "city", "ZIP Code", "postalCode", "state", "dateOfBirth", "birth_date", "DOB", "ssn", "ip", "ip_address", "notes",
      "Last Note", "comment", "bodyText", "message",
    ])
  func masked(name: String) {
    #expect(DefaultPrivacy.policy(of: name) == .mask)
  }

  @Test(
    "any other field shows",
    arguments: [
      "id", "contactId", "type", "status", "companyName", "business_name", "campaign name", "emailStatus", "phone_type",
      "dateAdded",
      "country", "tags", "zipped", "shipping", "subscription_state", "amount", "", "123", "address_id", "statement",
    ])
  func shown(name: String) {
    #expect(DefaultPrivacy.policy(of: name) == .show)
  }
}
