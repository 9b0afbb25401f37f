#include "world/recording.h"

#include <string_view>
#include <type_traits>
#include <utility>

#include "base/assert.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/crc32c.h"

namespace streamscope::world {
namespace {

constexpr std::string_view kMagic = "STREAMSCOPE-RECORDING\n";
constexpr size_t kPreambleBytes = kMagic.size() + 4;
constexpr size_t kBlockHeaderBytes = 12;
/// What its own checksum covers.
constexpr size_t kCheckedHeaderBytes = 8;
/// A frame of socket.request.max.bytes and what stands around it.
constexpr uint32_t kPayloadBytesMax = 104'857'600 + 1024;

constexpr const char* kUseAnother = "record the run again or use another copy of the file";

enum class EntryKind : int8_t { Command = 1, Open = 2, Frame = 3, Close = 4, End = 5 };

base::Bytes makeBlock(std::initializer_list<base::ByteView> parts) {
  base::Bytes payload;
  for (const base::ByteView part : parts) payload.insert(payload.end(), part.begin(), part.end());
  STREAMSCOPE_ASSERT(payload.size() <= kPayloadBytesMax);
  base::ByteWriter block(kBlockHeaderBytes + payload.size());
  block.writeInt32(static_cast<int32_t>(payload.size()));
  block.writeUint32(base::crc32c(payload));
  block.writeUint32(base::crc32c(block.view()));
  block.writeBytes(payload);
  return block.take();
}

/// Everything of an input before its text or bytes.
struct InputWriter {
  base::ByteWriter& fixed;
  const RecordingEntry& entry;

  void writeCommon(EntryKind kind) {
    fixed.writeInt8(static_cast<int8_t>(kind));
    fixed.writeInt64(base::microseconds(entry.time));
    fixed.writeInt64(static_cast<int64_t>(entry.eventsRun));
  }
  base::ByteView operator()(const RecordedCommand& input) {
    writeCommon(EntryKind::Command);
    return base::asBytes(input.text);
  }
  base::ByteView operator()(const RecordedOpen& input) {
    writeCommon(EntryKind::Open);
    fixed.writeInt32(input.connection.id);
    fixed.writeInt32(input.broker.id);
    return base::asBytes(input.peer);
  }
  base::ByteView operator()(const RecordedFrame& input) {
    writeCommon(EntryKind::Frame);
    fixed.writeInt32(input.connection.id);
    return input.frame.view();
  }
  base::ByteView operator()(const RecordedClose& input) {
    writeCommon(EntryKind::Close);
    fixed.writeInt32(input.connection.id);
    return base::asBytes(input.reason);
  }
  base::ByteView operator()(const RecordedEnd& input) {
    writeCommon(EntryKind::End);
    return base::asBytes(input.text);
  }
};

/// Nothing when the payload is no input of this version.
std::optional<RecordingEntry> parseEntry(const base::SharedBytes& payload) {
  base::ByteReader reader(payload.view());
  const auto kind = static_cast<EntryKind>(reader.readInt8());
  RecordingEntry entry;
  entry.time = base::VirtualTime(base::Duration(reader.readInt64()));
  entry.eventsRun = static_cast<uint64_t>(reader.readInt64());
  const auto rest = [&reader] { return std::string(base::asText(reader.readBytes(reader.remaining()))); };
  switch (kind) {
    case EntryKind::Command:
      entry.input = RecordedCommand{rest()};
      break;
    case EntryKind::Open: {
      const Address connection = externalAddress(reader.readInt32());
      const Address broker = brokerAddress(reader.readInt32());
      entry.input = RecordedOpen{connection, broker, rest()};
      break;
    }
    case EntryKind::Frame: {
      const Address connection = externalAddress(reader.readInt32());
      entry.input = RecordedFrame{connection, payload.slice(reader.position(), reader.remaining())};
      break;
    }
    case EntryKind::Close: {
      const Address connection = externalAddress(reader.readInt32());
      entry.input = RecordedClose{connection, rest()};
      break;
    }
    case EntryKind::End:
      entry.input = RecordedEnd{rest()};
      break;
    default:
      return std::nullopt;
  }
  if (reader.failed()) return std::nullopt;
  return entry;
}

}  // namespace

storage::StorageResult<RecordingWriter> RecordingWriter::start(std::unique_ptr<storage::File> file,
                                                               const std::string& headerJson) {
  STREAMSCOPE_ASSERT(file->size() == 0);
  base::ByteWriter preamble;
  preamble.writeBytes(base::asBytes(kMagic));
  preamble.writeInt32(kRecordingVersion);
  preamble.writeBytes(makeBlock({base::asBytes(headerJson)}));
  if (auto written = file->append(preamble.view()); !written) return tl::unexpected(written.error());
  return RecordingWriter(std::move(file));
}

storage::StorageStatus RecordingWriter::append(const RecordingEntry& entry) {
  base::ByteWriter fixed;
  const base::ByteView rest = std::visit(InputWriter{fixed, entry}, entry.input);
  return m_file->append(makeBlock({fixed.view(), rest}));
}

RecordingReader::RecordingReader(std::unique_ptr<storage::File> file, std::string path)
    : m_file(std::move(file)), m_path(std::move(path)) {}

base::Result<RecordingReader> RecordingReader::open(std::unique_ptr<storage::File> file, std::string path) {
  RecordingReader reader(std::move(file), std::move(path));
  base::Bytes preamble(kPreambleBytes);
  const auto read = reader.m_file->readAt(0, preamble);
  if (!read) return base::fail(storage::toError(read.error()));
  const std::string_view magic = base::asText(preamble).substr(0, kMagic.size());
  if (*read < kPreambleBytes || magic != kMagic)
    return reader.refuse(0, "this is no recording of Streamscope", "choose a file that `--record` wrote");
  base::ByteReader versionReader(base::ByteView(preamble).subspan(kMagic.size()));
  const int32_t version = versionReader.readInt32();
  if (version > kRecordingVersion)
    return reader.refuse(kMagic.size(),
                         "the recording has version " + std::to_string(version) + " and this program reads up to " +
                             std::to_string(kRecordingVersion),
                         "use a newer Streamscope");
  if (version < 1) return reader.refuse(kMagic.size(), "the version is damaged", kUseAnother);
  reader.m_position = kPreambleBytes;
  auto header = reader.readBlock();
  if (!header) return base::fail(header.error());
  if (!*header) return reader.refuse(kPreambleBytes, "the header is cut off", kUseAnother);
  reader.m_headerJson = base::asText((*header)->view());
  return reader;
}

base::Result<std::optional<RecordingEntry>> RecordingReader::next() {
  const uint64_t begin = m_position;
  auto payload = readBlock();
  if (!payload) return base::fail(payload.error());
  if (!*payload) return std::optional<RecordingEntry>();
  auto entry = parseEntry(**payload);
  if (!entry) return refuse(begin, "an entry is of no known kind", kUseAnother);
  return entry;
}

base::Result<std::optional<base::SharedBytes>> RecordingReader::readBlock() {
  const uint64_t size = m_file->size();
  if (m_position == size) return std::optional<base::SharedBytes>();
  const auto torn = [this, size] {
    m_note = m_path + ": the last " + std::to_string(size - m_position) +
             " bytes are an entry that was not written to its end; the recording ends before it.";
    return std::optional<base::SharedBytes>();
  };
  if (size - m_position < kBlockHeaderBytes) return torn();
  base::Bytes header(kBlockHeaderBytes);
  const auto readHeader = m_file->readAt(m_position, header);
  if (!readHeader) return base::fail(storage::toError(readHeader.error()));
  base::ByteReader reader(header);
  const uint32_t length = reader.readUint32(), crc = reader.readUint32();
  if (reader.readUint32() != base::crc32c(base::ByteView(header).first(kCheckedHeaderBytes)) ||
      length > kPayloadBytesMax)
    return refuse(m_position, "an entry's length is damaged", kUseAnother);
  if (size - m_position - kBlockHeaderBytes < length) return torn();

  base::Bytes payload(length);
  const auto readPayload = m_file->readAt(m_position + kBlockHeaderBytes, payload);
  if (!readPayload) return base::fail(storage::toError(readPayload.error()));
  if (*readPayload < length) return torn();
  if (base::crc32c(payload) != crc) return refuse(m_position, "an entry's checksum is wrong", kUseAnother);
  m_position += kBlockHeaderBytes + length;
  return base::SharedBytes(std::move(payload));
}

tl::unexpected<base::Error> RecordingReader::refuse(uint64_t position, const std::string& what,
                                                    const std::string& remedy) const {
  return base::fail(base::ErrorCode::INVALID_REQUEST,
                    m_path + " at byte " + std::to_string(position) + ": " + what + "; " + remedy + ".");
}

}  // namespace streamscope::world
