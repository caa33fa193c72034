import NIOCore
import NIOHTTP1

/// The handlers that each connection of the client has in addition to the client's own.
enum ConnectionHandlers {
  /// Adds the handlers after the decoder of `channel`.
  static func install(on channel: any Channel, timeout: TimeAmount) -> EventLoopFuture<Void> {
    channel.eventLoop.submit {
      let pipeline = channel.pipeline.syncOperations
      let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPResponseDecoder>.self)
      try pipeline.addHandlers([RequestJoiner(), ResponseGuard(timeout: timeout)], position: .after(decoder.handler))
    }
  }
}
