extension CallFlow {
  package enum Event: Sendable, Hashable {
    /// No byte of the call has left: the connection was refused, the host was not found.
    case notSent
    /// Sent, in part or whole, and there is no response that can be read.
    case noResponse
    /// - Parameter retryAfter: the pause that the destination asks for.
    case response(Response, retryAfter: Duration? = nil)
    /// What a lookup shows for each record of the call, in the order in which they were sent.
    case found([Finding])
    /// What a poll of the job shows.
    case job(Job)
    /// The lookup or the poll itself has failed.
    ///
    /// - Parameter hasProgressed: this attempt looked up more records than the one before, though not all of them.
    case readFailed(ReadFailure = .other, retryAfter: Duration? = nil, hasProgressed: Bool = false)
    /// The credentials were renewed, or could not be.
    case authorized(Bool)
  }

  /// What a response means, whatever its status.
  package enum Response: Sendable, Hashable {
    case accepted
    /// 202: a job will carry the call out, and has to be polled.
    case started
    /// 429: not carried out because of a limit, to be sent again later.
    case throttled
    /// The pipeline's `retry` recognizes it. It may come after the write.
    case retry(status: Int)
    /// A server error, which may come after the write.
    case serverError(status: Int)
    /// 301, 302 or 303, which may come after the write.
    case redirected(status: Int)
    /// The same call is still running at the destination.
    case stillRunning
    /// The destination already knows the idempotency key, and does not repeat the response stored under it. This attempt was not
    /// carried out, but an earlier call under the key may have been.
    case keyReused
    /// Something is there already, or has changed in the meantime.
    case conflict
    /// The record that was to be changed does not exist.
    case gone
    /// The record, or the whole batch, is refused, and will be refused again.
    case refused
    /// As `refused`, but of a create that may have been carried out anyway. The response is complete: nothing is still running.
    case doubtful
    /// The body is too large.
    case tooLarge
    case unauthorized
    case forbidden
  }

  /// What a lookup by key shows.
  package enum Finding: Sendable, Hashable {
    case absent
    /// As it was sent.
    case same
    /// With other values.
    case different
  }

  package enum Job: Sendable, Hashable {
    case running(retryAfter: Duration? = nil)
    /// The job has ended, and this is the response to the call.
    case finished(Response)
    /// The destination does not know the job.
    case lost
  }

  package enum ReadFailure: Sendable, Hashable {
    case unauthorized, forbidden, other
  }

  package enum Action: Sendable, Hashable {
    /// To be sent after a pause: the same body, under the key of this epoch.
    case send(epoch: Int, after: Duration)
    case find(after: Duration)
    /// The job is to be polled.
    case poll(after: Duration)
    /// The credentials are to be renewed.
    case authorize
    case end(End)
  }

  package enum End: Sendable, Hashable {
    /// The destination has what was sent.
    case accepted
    /// The destination already had it, as a lookup showed.
    case adopted
    /// Nothing has changed at the destination.
    case refused, gone, tooLarge, unauthorized, forbidden
    /// Nothing has changed at the destination, because the call never reached it.
    case notSent(Obstacle)
    /// The call reached the destination, and nothing has changed there.
    case notCarriedOut(Obstacle)
    /// The destination has the record with other values.
    ///
    /// - Parameter mayBeOurs: an earlier attempt of this call may have written it.
    case conflict(mayBeOurs: Bool)
    /// The records of a batch have different fates, by their order in it: `same` is adopted, `different` a conflict (of a
    /// create), and `absent` (or, of an update, `different`) was not carried out and may be sent in a new call. `because` tells
    /// what ended the whole call.
    case divided([Finding], because: Obstacle)
    /// It may have been carried out or not. The intent stays open.
    case unresolved(Obstacle)
  }

  /// The last obstacle.
  package enum Obstacle: Sendable, Hashable {
    case unreachable, noResponse, throttled, stillRunning, keyReused, findFailed, jobRunning, jobLost
    case retry(status: Int)
    case serverError(status: Int)
    /// The whole call was refused, gone or in conflict, but some of its records may have been stored.
    case refused, gone, conflict
    /// These stop the destination.
    case unauthorized, forbidden
    /// The destination asks for a longer pause than a run is willing to make, or a call may still be running for that long.
    case comeBack(after: Duration)
  }
}
