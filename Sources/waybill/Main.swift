import Commands
import FoundationEssentials
import Glibc

@main
enum Main {
  static func main() async {
    CommandEntry.begin()
    let arguments = Array(CommandLine.arguments.dropFirst())
    exit(await CommandEntry.run(arguments, environment: ProcessInfo.processInfo.environment))
  }
}
