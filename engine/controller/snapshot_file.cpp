#include "controller/snapshot_file.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "log/record_batch.h"
#include "protocol/record_codec.h"

namespace streamscope::controller {

namespace {

constexpr size_t kOffsetDigits = 20;
constexpr size_t kEpochDigits = 10;
constexpr std::string_view kSuffix = ".checkpoint";
constexpr std::string_view kPartialSuffix = ".checkpoint.part";
constexpr std::string_view kDeletedSuffix = ".checkpoint.deleted";

/// Kafka: KafkaRaftClient.MAX_BATCH_SIZE_BYTES.
constexpr size_t kBatchBytesMax = 8 * 1024 * 1024;

std::string withZeros(int64_t number, size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

std::string stem(const SnapshotId& id) {
  return withZeros(id.endOffset, kOffsetDigits) + '-' + withZeros(id.epoch, kEpochDigits);
}

/// A number of exactly these digits.
template <class Integer>
bool readDigits(std::string_view text, Integer& number) {
  const bool areDigits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return areDigits && failure == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string snapshotFileName(const SnapshotId& id) {
  return stem(id) + std::string(kSuffix);
}

std::string partialSnapshotFileName(const SnapshotId& id, uint64_t unique) {
  return stem(id) + '-' + std::to_string(unique) + std::string(kPartialSuffix);
}

std::string deletedSnapshotFileName(const SnapshotId& id) {
  return stem(id) + std::string(kDeletedSuffix);
}

std::optional<SnapshotFileName> parseSnapshotFileName(std::string_view name) {
  constexpr size_t kStemSize = kOffsetDigits + 1 + kEpochDigits;
  SnapshotFileName parsed;
  if (name.size() < kStemSize || name[kOffsetDigits] != '-') return std::nullopt;
  if (!readDigits(name.substr(0, kOffsetDigits), parsed.id.endOffset)) return std::nullopt;
  if (!readDigits(name.substr(kOffsetDigits + 1, kEpochDigits), parsed.id.epoch)) return std::nullopt;
  const std::string_view rest = name.substr(kStemSize);
  if (rest == kSuffix)
    parsed.state = SnapshotFileState::Complete;
  else if (rest == kDeletedSuffix)
    parsed.state = SnapshotFileState::Deleted;
  else if (rest.ends_with(kPartialSuffix))
    parsed.state = SnapshotFileState::Partial;
  else
    return std::nullopt;
  return parsed;
}

// Writing.

base::Bytes SnapshotWriter::write(const std::vector<protocol::MetadataRecord>& records) {
  m_bytes.clear();
  m_nextOffset = 0;
  writeHeader();
  writeRecords(records);
  writeFooter();
  return std::move(m_bytes);
}

void SnapshotWriter::append(const base::Bytes& batch) {
  m_bytes.insert(m_bytes.end(), batch.begin(), batch.end());
}

void SnapshotWriter::writeHeader() {
  log::RecordBatchBuilder builder(
      {.baseOffset = m_nextOffset, .partitionLeaderEpoch = m_options.epoch, .isControl = true});
  const auto add = [&](const protocol::ControlRecord& record) {
    const protocol::ControlRecordBytes bytes = protocol::encodeControlRecord(record);
    builder.append(m_options.nowMs, bytes.key, bytes.value);
    ++m_nextOffset;
  };
  add(protocol::SnapshotHeaderRecord{0, m_options.lastContainedLogTimestamp});
  if (m_options.voters.kraftVersion > 0) {
    add(protocol::KRaftVersionRecord{0, m_options.voters.kraftVersion});
    add(m_options.voters.voters);
  }
  append(builder.build());
}

void SnapshotWriter::writeRecords(const std::vector<protocol::MetadataRecord>& records) {
  std::optional<log::RecordBatchBuilder> builder;
  for (const protocol::MetadataRecord& record : records) {
    const int16_t version = protocol::metadataRecordVersion(record, m_options.metadataVersionLevel);
    const base::Bytes value = protocol::encodeMetadataRecord(record, version);
    if (builder && builder->sizeInBytes() + value.size() > kBatchBytesMax) {
      append(builder->build());
      builder.reset();
    }
    if (!builder)
      builder.emplace(
          log::RecordBatchBuilder::Options{.baseOffset = m_nextOffset, .partitionLeaderEpoch = m_options.epoch});
    builder->append(m_options.nowMs, std::nullopt, value);
    ++m_nextOffset;
  }
  if (builder) append(builder->build());
}

void SnapshotWriter::writeFooter() {
  log::RecordBatchBuilder builder(
      {.baseOffset = m_nextOffset, .partitionLeaderEpoch = m_options.epoch, .isControl = true});
  const protocol::ControlRecordBytes bytes = protocol::encodeControlRecord(protocol::SnapshotFooterRecord{});
  builder.append(m_options.nowMs, bytes.key, bytes.value);
  append(builder.build());
}

// Reading.

namespace {

/// Goes through a snapshot batch by batch and knows what may come next.
class SnapshotReader {
 public:
  SnapshotReader(const base::SharedBytes& bytes, const std::string& fileName, const SnapshotVisitor& visit)
      : m_bytes(bytes), m_fileName(fileName), m_visit(visit) {}

  base::Result<SnapshotContents> read() {
    while (m_position < m_bytes.size())
      if (const base::Status batch = readBatch(); !batch) return base::fail(batch.error());
    if (!m_hasFooter) return base::fail(damaged("it ends without a SNAPSHOT_FOOTER").error());
    return m_contents;
  }

 private:
  base::Status damaged(const std::string& reason) const {
    return base::fail(base::ErrorCode::CORRUPT_MESSAGE,
                      m_fileName + " at byte " + std::to_string(m_position) + ": " + reason);
  }

  base::Status readBatch() {
    const log::BatchScan scan = log::scanBatch(m_bytes.view().subspan(m_position), /*checkCrc=*/true);
    if (scan.end != log::BatchEnd::Complete) return damaged(scan.reason);
    if (m_hasFooter) return damaged("a batch after SNAPSHOT_FOOTER");
    if (!m_hasHeader && !scan.header.isControl()) return damaged("records before SNAPSHOT_HEADER");
    base::Status outcome;
    const base::Status walked = log::forEachRecord(
        m_bytes.view().subspan(m_position, scan.header.sizeInBytes), [&](const log::RecordView& record) {
          outcome = scan.header.isControl() ? readControlRecord(record) : readRecord(record);
          return outcome.has_value();
        });
    if (!outcome) return outcome;
    if (!walked) return damaged(walked.error().message);
    m_position += scan.header.sizeInBytes;
    return {};
  }

  base::Status readRecord(const log::RecordView& view) {
    const auto record =
        protocol::decodeMetadataRecord(base::SharedBytes::copyOf(view.value.value_or(base::ByteView())));
    if (!record && record.error().code != base::ErrorCode::UNSUPPORTED_VERSION) return damaged(record.error().message);
    const base::Status visited = m_visit(record);
    return visited ? base::Status() : damaged(visited.error().message);
  }

  base::Status readControlRecord(const log::RecordView& view) {
    const auto record = protocol::decodeControlRecord(base::SharedBytes::copyOf(view.key.value_or(base::ByteView())),
                                                      base::SharedBytes::copyOf(view.value.value_or(base::ByteView())));
    if (!record) return damaged(record.error().message);
    if (const auto* header = std::get_if<protocol::SnapshotHeaderRecord>(&*record)) {
      if (std::exchange(m_hasHeader, true)) return damaged("a second SNAPSHOT_HEADER");
      m_contents.lastContainedLogTimestamp = header->lastContainedLogTimestamp;
      return {};
    }
    if (!m_hasHeader) return damaged("control records before SNAPSHOT_HEADER");
    if (std::holds_alternative<protocol::SnapshotFooterRecord>(*record))
      m_hasFooter = true;
    else if (const auto* version = std::get_if<protocol::KRaftVersionRecord>(&*record))
      m_contents.voters.kraftVersion = version->kRaftVersion;
    else if (const auto* voters = std::get_if<protocol::VotersRecord>(&*record))
      m_contents.voters.voters = *voters;
    else
      return damaged("a control record that no snapshot has");
    return {};
  }

  const base::SharedBytes& m_bytes;
  const std::string& m_fileName;
  const SnapshotVisitor& m_visit;
  size_t m_position = 0;
  bool m_hasHeader = false;
  bool m_hasFooter = false;
  SnapshotContents m_contents;
};

}  // namespace

base::Result<SnapshotContents> readSnapshot(const base::SharedBytes& bytes, const std::string& fileName,
                                            const SnapshotVisitor& visit) {
  return SnapshotReader(bytes, fileName, visit).read();
}

}  // namespace streamscope::controller
