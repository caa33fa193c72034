import Glibc

/// An error number of the operating system in our own words: the reason, which ends a sentence about a file, and what to do.
///
///     SystemReason(errno, .writing)     // "the disk is full", "free some space, or choose a path on another disk"
///
/// The system's own texts (`strerror`) vary with the C library and the locale, and never say what to do.
package struct SystemReason: Sendable, Hashable {
  package enum Use: Sendable {
    case reading, writing
  }

  /// "it is a folder".
  package let text: String
  /// "choose another path".
  package let remedy: String

  package init(_ number: Int32, _ use: Use) {
    (text, remedy) = Self.common(number) ?? (use == .reading ? Self.reading(number) : Self.writing(number))
  }

  /// What does not depend on the use.
  private static func common(_ number: Int32) -> (String, String)? {
    switch number {
    case ELOOP: ("its symbolic links form a loop", "remove the link")
    case ENAMETOOLONG: ("its name is too long for the file system", "choose a shorter name")
    case EMFILE: ("this process has too many files open", "raise the limit (`ulimit -n`)")
    case ENFILE: ("the system has too many files open", "close other programs")
    case ENOMEM: ("there is not enough memory", "close other programs")
    case EIO: ("the disk or the network file system reports an error", "check the disk")
    case ESTALE: ("the network file system no longer has it", "mount the file system again")
    case ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH: ("the network file system does not respond", "check the network")
    case ENOLCK: ("the file system has no locks left", "choose a path on another file system")
    case ENXIO, ENODEV: ("no device or program is at its other end", "check the path")
    case EBADF: ("it is closed", "open it, or name a file")
    default: nil
    }
  }

  private static func reading(_ number: Int32) -> (String, String) {
    switch number {
    case ENOENT: ("there is no such file", "check the path")
    case ENOTDIR: ("a part of its path is a file, not a folder", "check the path")
    case EISDIR: ("it is a folder", "name a file")
    case EACCES, EPERM: ("you do not have permission to read it", "change the permissions of the file or its folder")
    default: (unforeseen(number), "check the path")
    }
  }

  private static func writing(_ number: Int32) -> (String, String) {
    switch number {
    case ENOENT: ("its folder does not exist", "create the folder, or choose another path")
    case ENOTDIR: ("a part of its path is a file, not a folder", "choose another path")
    case EISDIR: ("it is a folder", "choose another path")
    case EACCES, EPERM:
      ("you do not have permission to write it", "change the permissions of the file and its folder, or choose another path")
    case EROFS: ("the file system is read-only", "choose a path on another file system")
    case ENOSPC: ("the disk is full", "free some space, or choose a path on another disk")
    case EDQUOT: ("your quota on the disk is used up", "free some space, or choose a path on another disk")
    case EFBIG:
      ("it would be larger than this process or the file system allows", "raise the limit (`ulimit -f`), or choose another disk")
    case EBUSY, ETXTBSY: ("another program is using it", "end that program, or choose another path")
    case EEXIST: ("something else has that name", "choose another path")
    case EPIPE: ("the program that reads it has ended", "start it again")
    default: (unforeseen(number), "choose another path")
    }
  }

  /// No text of ours fits; the number is what can be looked up.
  private static func unforeseen(_ number: Int32) -> String { "the system refuses it (error number \(number))" }
}
