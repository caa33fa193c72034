import NIOCore
import NIOHTTP1

/// What each connection of the client has in addition to the client's own handlers.
enum ConnectionHandlers {
  /// Adds them after the decoder of `channel`.
  static func install(on channel: any Channel, timeout: TimeAmount) -> EventLoopFuture<Void> {
    channel.eventLoop.submit {
      let pipeline = channel.pipeline.syncOperations
      let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPResponseDecoder>.self)
      try pipeline.addHandlers([RequestJoiner(), ResponseGuard(timeout: timeout)], position: .after(decoder.handler))
    }
  }
}
