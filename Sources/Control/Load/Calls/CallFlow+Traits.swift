extension CallFlow {
  /// What a call can rely on, as it was when the call was sent.
  ///
  /// The journal keeps these with the intent: a call that was sent without an idempotency key is not protected by one that the
  /// pipeline has gained since. Only `canFind` may come from today's pipeline, since a lookup writes nothing.
  package struct Traits: Sendable, Hashable, Codable {
    /// The call creates its records; otherwise it changes records that exist, and a lookup that shows other values means that it
    /// has not taken effect.
    package var isCreate: Bool
    /// The destination recognizes a repeated call by its key.
    package var hasIdempotencyKeys: Bool
    /// Records can be looked up by their keys.
    package var canFind: Bool
    /// Making the call twice has the effect of making it once, whatever happens in between.
    package var isRepeatable: Bool
    /// The number of records in the call, at least 1.
    package var records: Int
    /// The destination stores all records of a call or none.
    package var isAtomic: Bool
    /// The longest time that a call may run at the destination after its connection is lost.
    package var longestCall: Duration
    /// The longest time that a job may run after a 202.
    package var longestJob: Duration
    /// How long the destination remembers a key, from its first use.
    package var keyLifetime: Duration
    /// How many lookups must miss a record whose create was refused before the create counts as not carried out: 1, or 2 if
    /// lookups may lag.
    package var absencesRequired: Int

    package init(
      isCreate: Bool = true, hasIdempotencyKeys: Bool = false, canFind: Bool = false, isRepeatable: Bool = false,
      records: Int = 1, isAtomic: Bool = false, longestCall: Duration = .seconds(60), longestJob: Duration = .seconds(3_600),
      keyLifetime: Duration = .seconds(86_400), absencesRequired: Int = 2
    ) {
      self.isCreate = isCreate
      self.hasIdempotencyKeys = hasIdempotencyKeys
      self.canFind = canFind
      self.isRepeatable = isRepeatable
      self.records = max(1, records)
      self.isAtomic = isAtomic || records <= 1
      self.longestCall = max(longestCall, .zero)
      self.longestJob = max(longestJob, .zero)
      self.keyLifetime = max(keyLifetime, .zero)
      self.absencesRequired = min(max(absencesRequired, 1), 2)
    }

    /// Earlier versions did not keep `absencesRequired`.
    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        isCreate: try values.decode(Bool.self, forKey: .isCreate),
        hasIdempotencyKeys: try values.decode(Bool.self, forKey: .hasIdempotencyKeys),
        canFind: try values.decode(Bool.self, forKey: .canFind),
        isRepeatable: try values.decode(Bool.self, forKey: .isRepeatable),
        records: try values.decode(Int.self, forKey: .records), isAtomic: try values.decode(Bool.self, forKey: .isAtomic),
        longestCall: try values.decode(Duration.self, forKey: .longestCall),
        longestJob: try values.decode(Duration.self, forKey: .longestJob),
        keyLifetime: try values.decode(Duration.self, forKey: .keyLifetime),
        absencesRequired: try values.decodeIfPresent(Int.self, forKey: .absencesRequired) ?? 2)
    }
  }

  /// What the journal knows about the sending of an intent that a process left open. Times of the wall clock become moments by
  /// their age; a time in the future has no age, so it counts as unknown.
  package struct Sent: Sendable, Hashable {
    /// When the call was first sent under its key, or the time of the intent. Nil: unknown, so the key is not trusted.
    package var first: Moment?
    /// When it was last sent. Nil: unknown, so it may have been sent just before the intent was opened.
    package var last: Moment?
    /// The destination responded with a job, whose address the journal has.
    package var hasJob: Bool

    package init(first: Moment?, last: Moment? = nil, hasJob: Bool = false) {
      self.first = first
      self.last = last
      self.hasJob = hasJob
    }
  }
}
