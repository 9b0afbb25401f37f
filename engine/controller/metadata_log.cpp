#include "metadata_log.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "log/record_batch.h"
#include "protocol/record_codec.h"

namespace streamscope::controller {

base::TopicPartition metadataPartition() {
  return {std::string(kMetadataTopicName), 0};
}

base::Result<MetadataLog> MetadataLog::open(log::LogDirectory& directory, const ControllerConfig& config,
                                            base::TimestampMs nowMs) {
  log::LogConfig logConfig;
  logConfig.segmentBytes = config.metadataLogSegmentBytes;
  logConfig.maxMessageBytes = static_cast<int32_t>(kBatchBytesMax);
  auto log = directory.getOrCreate(metadataPartition(), base::kMetadataTopicId, logConfig, nowMs);
  if (!log) return base::fail(log.error());
  return MetadataLog(*log);
}

int32_t MetadataLog::lastEpoch() const {
  return std::max(m_log->latestEpoch(), 0);
}

base::Result<log::AppendInfo> MetadataLog::appendLeaderChange(int32_t epoch, int32_t leaderId,
                                                              const std::vector<int32_t>& voters,
                                                              base::TimestampMs nowMs) {
  const base::Status begun = m_log->assignEpochStart(epoch, m_log->logEndOffset());
  if (!begun) return base::fail(begun.error());
  // Version 0: voters have no directory ids with kraft.version 0.
  protocol::LeaderChangeMessage message;
  message.leaderId = leaderId;
  for (const int32_t voter : voters) message.voters.push_back({voter, base::kZeroUuid});
  message.grantingVoters = message.voters;
  const protocol::ControlRecordBytes record = protocol::encodeControlRecord(message);

  log::RecordBatchBuilder::Options options;
  options.partitionLeaderEpoch = epoch;
  options.isControl = true;
  log::RecordBatchBuilder builder(options);
  builder.append(nowMs, record.key, record.value);
  return appendAndFlush(builder.build(), epoch, nowMs);
}

base::Result<log::AppendInfo> MetadataLog::append(const std::vector<protocol::MetadataRecord>& records,
                                                  int16_t metadataVersionLevel, int32_t epoch,
                                                  base::TimestampMs nowMs) {
  STREAMSCOPE_ASSERT(!records.empty());
  log::RecordBatchBuilder::Options options;
  options.partitionLeaderEpoch = epoch;
  log::RecordBatchBuilder builder(options);
  for (const protocol::MetadataRecord& record : records) {
    const int16_t version = protocol::metadataRecordVersion(record, metadataVersionLevel);
    builder.append(nowMs, std::nullopt, protocol::encodeMetadataRecord(record, version));
  }
  return appendAndFlush(builder.build(), epoch, nowMs);
}

base::Result<log::AppendInfo> MetadataLog::appendAndFlush(base::Bytes batch, int32_t epoch, base::TimestampMs nowMs) {
  auto appended =
      m_log->appendAsLeader(base::SharedBytes(std::move(batch)), epoch, nowMs, log::AppendOrigin::RaftLeader);
  if (!appended) return appended;
  if (const base::Status flushed = m_log->flush(); !flushed) return base::fail(flushed.error());
  m_highWatermark = m_log->logEndOffset();
  return appended;
}

base::Result<log::ReadInfo> MetadataLog::read(base::Offset from) const {
  return m_log->read(from, m_highWatermark, kBatchBytesMax, /*atLeastOneBatch=*/true);
}

base::Status MetadataLog::replayInto(MetadataImage& image, const RecordVisitor& visit) const {
  while (image.offset() + 1 < m_log->logEndOffset()) {
    const base::Offset before = image.offset();
    const auto batches = m_log->read(before + 1, m_log->logEndOffset(), kBatchBytesMax, /*atLeastOneBatch=*/true);
    if (!batches) return base::fail(batches.error());
    if (const base::Status replayed = replayBatches(image, batches->records, visit); !replayed) return replayed;
    STREAMSCOPE_ASSERT(image.offset() > before, "offset " + std::to_string(before));
  }
  return {};
}

}  // namespace streamscope::controller
