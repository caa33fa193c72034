import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// Puts a `Sandbox` on a port of this machine.
package enum SandboxServer {
  /// Runs a sandbox while `body` runs, then stops it.
  package static func withServer<T: Sendable>(
    _ options: SandboxOptions, body: @escaping @Sendable (SandboxAddress, Sandbox) async throws -> T
  ) async throws -> T {
    let sandbox = Sandbox(options)
    let (ready, signal) = AsyncStream.makeStream(of: SandboxAddress.self)
    return try await withThrowingTaskGroup(of: T?.self) { group in
      group.addTask {
        defer { signal.finish() }
        do {
          try await serve(sandbox) { signal.yield($0) }
        } catch is CancellationError {
          // The body has ended.
        }
        return nil
      }
      group.addTask {
        for await address in ready { return try await body(address, sandbox) }
        return nil
      }
      defer { group.cancelAll() }
      while let result = try await group.next() {
        if let result { return result }
      }
      throw SandboxServerError(message: "the sandbox stopped before it was ready")
    }
  }

  /// Runs a sandbox until the task is cancelled.
  ///
  /// - Parameter onReady: called once, when requests are taken.
  package static func run(_ options: SandboxOptions, onReady: @escaping @Sendable (SandboxAddress) -> Void) async throws {
    do {
      try await serve(Sandbox(options), onReady: onReady)
    } catch is CancellationError {
      // The way to stop it.
    } catch {
      throw SandboxServerError(message: reason(of: error))
    }
  }

  /// Why a port cannot be listened on. Other errors do not stop the server.
  private static func reason(of error: any Error) -> String {
    switch (error as? IOError)?.errnoCode {
    case EADDRINUSE: "the port is in use"
    case EACCES, EPERM: "ports below 1024 need special privileges"
    case EMFILE, ENFILE: "too many files are open"
    case let number?: "the system refuses it (error number \(number))"
    case nil: "the server could not be started"
    }
  }

  private static func serve(_ sandbox: Sandbox, onReady: @escaping @Sendable (SandboxAddress) -> Void) async throws {
    var logger = Logger(label: "waybill.sandbox")
    logger.logLevel = .critical
    let options = sandbox.options
    let application = Application(
      responder: SandboxResponder(sandbox: sandbox),
      configuration: ApplicationConfiguration(
        address: .hostname(options.host, port: options.port), serverName: "waybill-sandbox"),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? options.port
        onReady(
          SandboxAddress(
            baseURL: "http://\(options.host):\(port)", port: port, token: sandbox.tokens.location,
            fallbackToken: sandbox.tokens.second, location: sandbox.data.locationID,
            appBaseURL: "http://\(options.host):\(port)" + YourApp.basePath, appToken: sandbox.tokens.app,
            locations: sandbox.sandboxes.map {
              .init(id: $0.data.locationID, token: $0.tokens.location, fallbackToken: $0.tokens.second)
            }))
      }, logger: logger)
    var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(5)
    let group = ServiceGroup(configuration: configuration)
    // If a server is cancelled while it accepts connections, it drops some of them half-initialized, which the network
    // library treats as a programming error and traps. So a cancellation asks it to stop: it accepts no more connections,
    // and finishes those it has.
    let server = Task { try await group.run() }
    try await withTaskCancellationHandler {
      try await server.value
    } onCancel: {
      Task { await group.triggerGracefulShutdown() }
    }
  }
}

package struct SandboxServerError: Error, CustomStringConvertible {
  package var message: String
  package var description: String { message }
}

/// What a request needs from its connection.
struct SandboxContext: InitializableFromSource {
  let channel: any Channel

  init(source: ApplicationRequestContextSource) { channel = source.channel }
}

/// Between the server's requests and the sandbox's.
struct SandboxResponder: HTTPResponder {
  let sandbox: Sandbox

  func respond(to request: Request, context: SandboxContext) async throws -> Response {
    var asked = SandboxRequest(
      request.method.rawValue, request.head.path ?? "/", authorization: request.headers[.authorization],
      version: HTTPField.Name("Version").flatMap { request.headers[$0] })
    let path = asked.path
    if YourApp.serves(path) || SandboxViews.serves(path) {
      for field in request.headers {
        let name = field.name.canonicalName
        asked.headers[name] = asked.headers[name].map { $0 + ", " + field.value } ?? field.value
      }
      asked.headers["host"] = request.head.authority
      try await read(request.body, into: &asked)
      guard YourApp.serves(path) else { return try await send(SandboxViews.respond(to: asked, path, sandbox), context) }
      sandbox.app.begin()
      defer { sandbox.app.end() }
      return try await send(sandbox.app.respond(to: asked), context)
    }
    let sandbox = sandbox.sandbox(for: asked)
    sandbox.begin()
    defer { sandbox.end() }
    do {
      asked.body = Array(try await request.body.collect(upTo: SandboxRequest.mostBodyBytes).readableBytesView)
    } catch is NIOTooManyBytesError {
      return Response(status: .contentTooLarge, headers: [.connection: "close"])
    }
    return try await send(sandbox.respond(to: asked), context)
  }

  /// Reads the whole body, but discards one that is too large: a client that is still sending may not see the response.
  private func read(_ body: RequestBody, into asked: inout SandboxRequest) async throws {
    for try await part in body {
      guard !asked.bodyIsTooLarge else { continue }
      if asked.body.count + part.readableBytes > SandboxRequest.mostBodyBytes {
        asked.bodyIsTooLarge = true
        asked.body = []
      } else {
        asked.body += part.readableBytesView
      }
    }
  }

  private func send(_ answer: SandboxAnswer, _ context: SandboxContext) async throws -> Response {
    if answer.delay > 0 { try await Task.sleep(for: .milliseconds(answer.delay)) }
    var headers = HTTPFields()
    if !answer.contentType.isEmpty { headers[.contentType] = answer.contentType }
    for (name, value) in answer.headers {
      if let name = HTTPField.Name(name) { headers[name] = value }
    }
    let status = HTTPResponse.Status(code: answer.status)
    switch answer.ending {
    case .whole:
      return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    case .nothing:
      try? await context.channel.close()
      return Response(status: status, headers: headers, body: ResponseBody())
    case .half:
      let half = ByteBuffer(bytes: answer.body.prefix(answer.body.count / 2))
      let channel = context.channel
      return Response(
        status: status, headers: headers,
        body: ResponseBody(contentLength: answer.body.count) { writer in
          try await writer.write(half)
          try await channel.close()
          try await writer.finish(nil)
        })
    }
  }
}
