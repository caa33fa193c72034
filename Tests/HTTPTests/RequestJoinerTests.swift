import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTP

@Suite struct RequestJoinerTests {
  private static func head(_ headers: HTTPHeaders) -> HTTPClientRequestPart {
    .head(HTTPRequestHead(version: .http1_1, method: .POST, uri: "/contacts", headers: headers))
  }

  private static let body = HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(string: "{}")))

  /// How many parts have left the channel.
  private static func sent(_ channel: EmbeddedChannel) throws -> Int {
    var count = 0
    while try channel.readOutbound(as: HTTPClientRequestPart.self) != nil { count += 1 }
    return count
  }

  @Test func `a head waits for its body`() throws {
    let channel = EmbeddedChannel(handler: RequestJoiner())
    // The second request over the same connection is no different.
    for _ in 0..<2 {
      channel.write(Self.head(["content-length": "2"]), promise: nil)
      channel.flush()
      #expect(try Self.sent(channel) == 0)
      channel.write(Self.body, promise: nil)
      channel.flush()
      #expect(try Self.sent(channel) == 2)
      channel.write(HTTPClientRequestPart.end(nil), promise: nil)
      channel.flush()
      #expect(try Self.sent(channel) == 1)
    }
    #expect(try channel.finish().isClean)
  }

  @Test(arguments: [HTTPHeaders(), ["content-length": "0"], ["transfer-encoding": "chunked"]])
  func `a head without a body in memory is sent immediately`(_ headers: HTTPHeaders) throws {
    let channel = EmbeddedChannel(handler: RequestJoiner())
    channel.write(Self.head(headers), promise: nil)
    channel.flush()
    #expect(try Self.sent(channel) == 1)
    #expect(try channel.finish().isClean)
  }

  @Test func `a head is sent immediately if the channel is not writable, because its body would never follow`() throws {
    let channel = EmbeddedChannel(handler: RequestJoiner())
    channel.isWritable = false
    channel.write(Self.head(["content-length": "2"]), promise: nil)
    channel.flush()
    #expect(try Self.sent(channel) == 1)
    #expect(try channel.finish().isClean)
  }
}
