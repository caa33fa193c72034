import NIOCore
import NIOHTTP1

/// Sends the head of a request together with its body: one system call and usually one packet, instead of two. The client
/// flushes the head before it hands over the body.
///
/// Only for bodies in memory, which the client hands over at once. The head of a body still being produced would wait for it.
final class RequestJoiner: ChannelOutboundHandler {
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = HTTPClientRequestPart

  /// A head has been written, but its body has not.
  private var expectsBody = false

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .head(let head) = unwrapOutboundIn(data) {
      expectsBody = head.headers.first(name: "content-length").map { $0 != "0" } ?? false
    } else {
      expectsBody = false
    }
    context.write(data, promise: promise)
  }

  func flush(context: ChannelHandlerContext) {
    // While the channel is not writable, the client does not hand over the body, and only a flush makes it writable again.
    if expectsBody, context.channel.isWritable { return }
    context.flush()
  }
}
