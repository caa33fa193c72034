import Core

/// What the errors of a refusal are about.
extension PartLoad {
  /// Splits a batch that was refused as a whole. Records that the refusal names are sent alone: each is refused individually,
  /// with its own message, and one that was named by mistake is accepted. The others are halved, as if nothing had been named:
  /// a refusal may name only the first culprit.
  func handParts(_ members: [Member], refusedWith response: ReadResponse?, isCreate: Bool) {
    let named = plan.records(namedBy: response).filter(members.indices.contains)
    guard !resolvesOnly, !named.isEmpty, named.count < members.count else { return handHalves(members, isCreate: isCreate) }
    for number in named.sorted() { hand(.batch([members[number]], isCreate: isCreate)) }
    handHalves(members.indices.filter { !named.contains($0) }.map { members[$0] }, isCreate: isCreate)
  }
}

extension PartPlan {
  /// The column that an error concerns. Nil: it does not concern one field of the mapping.
  func column(of error: ReadResponse.FieldError) -> Int? {
    // An item of a batch has errors like those of a record that is sent alone.
    SentBody(resource.body, columns: columns).place(of: error).column ?? batchBody?.place(of: error).column
  }

  /// The numbers of a batch's records, from 0.
  fileprivate func records(namedBy response: ReadResponse?) -> Set<Int> {
    guard let body = batchBody, let response else { return [] }
    return Set(response.errors.compactMap { body.place(of: $0).record })
  }

  private var batchBody: SentBody? { resource.batch.map { SentBody(batch: $0, columns: columns) } }
}
