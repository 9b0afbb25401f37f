#include "records_stay_in_order.h"

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "log/record_batch.h"

namespace streamscope::lab {
namespace {

/// What the producer counted; nothing in a value that is not a simulated producer's, or that was cut short.
std::optional<int64_t> numberIn(std::string_view value) {
  constexpr std::string_view kBegin = R"({"order":)";
  if (!value.starts_with(kBegin)) return std::nullopt;
  value.remove_prefix(kBegin.size());
  int64_t number = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (failure != std::errc() || end == value.data() + value.size() || *end != ',') return std::nullopt;
  return number;
}

}  // namespace

void RecordsStayInOrder::check() {
  const controller::MetadataImage* image = m_replicas.image();
  if (image == nullptr) return;
  for (const auto& [id, topic] : image->topics()) {
    for (const auto& [index, registration] : topic.partitions) {
      if (!m_promises.isHistoryKept({topic.name, index})) continue;
      if (const log::PartitionLog* log = m_replicas.log(registration.leader, {topic.name, index}))
        comparePartition({topic.name, index}, *log);
    }
  }
}

void RecordsStayInOrder::comparePartition(const base::TopicPartition& partition, const log::PartitionLog& log) {
  constexpr size_t kReadBytes = 1 << 20;
  std::map<std::pair<int64_t, int16_t>, Last> lastOf;
  base::Offset next = log.logStartOffset();
  while (next < log.logEndOffset()) {
    const auto read = log.read(next, log.logEndOffset(), kReadBytes, true);
    if (!read || read->records.empty()) return;
    for (base::ByteView rest = read->records.view(); !rest.empty();) {
      const log::BatchScan scan = log::scanBatch(rest, true);
      if (scan.end != log::BatchEnd::Complete) return;
      const base::ByteView batch = rest.first(scan.header.sizeInBytes);
      rest = rest.subspan(scan.header.sizeInBytes);
      next = scan.header.nextOffset();
      if (scan.header.producerId < 0 || scan.header.isControl()) continue;
      if (!compareBatch(partition, batch, lastOf[{scan.header.producerId, scan.header.producerEpoch}])) return;
    }
  }
}

bool RecordsStayInOrder::compareBatch(const base::TopicPartition& partition, base::ByteView batch, Last& last) {
  bool isInOrder = true;
  const auto status = log::forEachRecord(batch, [&](const log::RecordView& record) {
    const auto number = record.value ? numberIn(base::asText(*record.value)) : std::nullopt;
    if (!number) return true;
    if (*number <= last.number) {
      broken(partition.toString() + " has a producer's record " + std::to_string(*number) + " at offset " +
             std::to_string(record.offset) + ", after " + std::to_string(last.number) + " at offset " +
             std::to_string(last.offset));
      isInOrder = false;
      return false;
    }
    last = {*number, record.offset};
    return true;
  });
  return isInOrder && status.has_value();
}

}  // namespace streamscope::lab
