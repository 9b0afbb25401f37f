#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/virtual_time.h"
#include "storage/storage.h"
#include "world/address.h"

namespace streamscope::world {

// A recording is everything that came into a world from outside, with the moment it came: a header the lab writes
// (seed, configuration) and inputs. The bytes of a file, all integers big-endian:
//
//   magic   "STREAMSCOPE-RECORDING\n"   22 bytes
//   version int32                       kRecordingVersion
//   blocks  int32 length, uint32 CRC-32C of the payload, uint32 CRC-32C of these 8 bytes, payload of that length
//
// The first block is the header's JSON text. Every other is an input: int8 kind, int64 microseconds of virtual time,
// int64 events run before it, then by kind
//   1 command            the rest: text
//   2 connection opened  int32 connection, int32 broker, the rest: peer
//   3 frame              int32 connection, the rest: bytes without the size prefix
//   4 connection closed  int32 connection, the rest: reason
//   5 end                the rest: text of the lab
// Blocks are appended as they happen. After a crash the last one may be torn: a block that the file's end cuts off is
// left out with a note. Anything else that does not fit is damage and refused; the length has its own checksum so that
// a damaged one is not taken for a torn end.

inline constexpr int32_t kRecordingVersion = 1;

/// A command in the lab's own text form.
struct RecordedCommand {
  std::string text;
  bool operator==(const RecordedCommand&) const = default;
};
struct RecordedOpen {
  Address connection, broker;
  std::string peer;
  bool operator==(const RecordedOpen&) const = default;
};
struct RecordedFrame {
  Address connection;
  base::SharedBytes frame;
  bool operator==(const RecordedFrame&) const = default;
};
struct RecordedClose {
  Address connection;
  std::string reason;
  bool operator==(const RecordedClose&) const = default;
};
/// The run ended here, on purpose; missing after a crash.
struct RecordedEnd {
  std::string text;
  bool operator==(const RecordedEnd&) const = default;
};
using RecordedInput = std::variant<RecordedCommand, RecordedOpen, RecordedFrame, RecordedClose, RecordedEnd>;

struct RecordingEntry {
  /// World::now and World::eventsRun just before the input.
  base::VirtualTime time{};
  uint64_t eventsRun = 0;
  RecordedInput input;
  bool operator==(const RecordingEntry&) const = default;
};

/// Appends to a new recording. Every entry is one append; nothing is synced, the system keeps what a crash of the
/// program leaves.
class RecordingWriter {
 public:
  /// Writes magic, version and header into an empty file.
  static storage::StorageResult<RecordingWriter> start(std::unique_ptr<storage::File> file,
                                                       const std::string& headerJson);

  storage::StorageStatus append(const RecordingEntry& entry);

 private:
  explicit RecordingWriter(std::unique_ptr<storage::File> file) : m_file(std::move(file)) {}
  std::unique_ptr<storage::File> m_file;
};

/// Reads a recording entry by entry.
class RecordingReader {
 public:
  /// Refuses a file that is no recording, is of a newer program, or whose header is damaged. `path` stands in the
  /// sentences.
  static base::Result<RecordingReader> open(std::unique_ptr<storage::File> file, std::string path);

  const std::string& headerJson() const { return m_headerJson; }

  /// Nothing after the last entry; a refusal names file, byte and what to do.
  base::Result<std::optional<RecordingEntry>> next();

  /// Empty, or that the last entry was torn and is left out; known once `next` gave nothing.
  const std::string& note() const { return m_note; }

 private:
  RecordingReader(std::unique_ptr<storage::File> file, std::string path);

  /// The payload of the block at the position; nothing at the end of the file or where a block is torn.
  base::Result<std::optional<base::SharedBytes>> readBlock();
  tl::unexpected<base::Error> refuse(uint64_t position, const std::string& what, const std::string& remedy) const;

  std::unique_ptr<storage::File> m_file;
  std::string m_path;
  std::string m_headerJson;
  std::string m_note;
  uint64_t m_position = 0;
};

}  // namespace streamscope::world
