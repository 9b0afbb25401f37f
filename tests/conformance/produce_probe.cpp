#include "produce_probe.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QTest>
#include <cstdlib>

#include "base/error_code.h"
#include "log/record_batch.h"

namespace streamscope::conformance {
namespace {

constexpr int16_t kCreateTopicsVersion = 5;
constexpr int16_t kFetchVersion = 12;
constexpr int16_t kInitProducerIdVersion = 4;
constexpr int16_t kMetadataVersion = 9;
constexpr int kPatienceMs = 30'000;
constexpr int kBetweenLooksMs = 20;
constexpr int64_t kNowToleranceMs = 600'000;

QString text(const std::string& from) {
  return QString::fromStdString(from);
}

QString errorText(int16_t code) {
  return text(std::string(base::errorName(static_cast<base::ErrorCode>(code))));
}

QString timeText(int64_t timeMs) {
  if (std::llabs(QDateTime::currentMSecsSinceEpoch() - timeMs) < kNowToleranceMs) return "now";
  return QString::number(timeMs);
}

QString bytesText(const std::optional<base::ByteView>& bytes) {
  if (!bytes) return "null";
  if (bytes->size() > 40) return QString("%1 bytes").arg(bytes->size());
  return '"' + QString::fromLatin1(reinterpret_cast<const char*>(bytes->data()), static_cast<int>(bytes->size())) + '"';
}

QString recordText(const log::RecordView& record) {
  QString said = QString("    %1 at %2: %3 = %4")
                     .arg(record.offset)
                     .arg(timeText(record.timestamp), bytesText(record.key), bytesText(record.value));
  for (const log::RecordHeaderView& header : record.headers)
    said += ", " + bytesText(base::asBytes(header.key)) + " is " + bytesText(header.value);
  return said + '\n';
}

QString batchText(base::ByteView batch, const log::BatchHeader& header) {
  QString said = QString("  [%1..%2] count %3 attributes %4 base %5 max %6 producer %7/%8 sequence %9..%10")
                     .arg(header.baseOffset)
                     .arg(header.lastOffset())
                     .arg(header.recordCount)
                     .arg(header.attributes)
                     .arg(timeText(header.baseTimestamp), timeText(header.maxTimestamp))
                     .arg(header.producerId)
                     .arg(header.producerEpoch)
                     .arg(header.baseSequence)
                     .arg(header.lastSequence());
  // Libraries of other versions compress a little better or worse.
  if (header.compression() == log::Compression::None) said += QString(" %1 bytes").arg(header.sizeInBytes);
  said += '\n';
  const auto read = log::forEachRecord(batch, [&](const log::RecordView& record) {
    said += recordText(record);
    return true;
  });
  if (!read) said += "    unreadable: " + text(read.error().message) + '\n';
  return said;
}

}  // namespace

QString ProduceProbe::createTopic(const std::string& name, const std::map<std::string, std::string>& configs) const {
  protocol::CreateTopicsRequest request;
  protocol::CreateTopicsRequest::CreatableTopic topic;
  topic.name = name;
  topic.numPartitions = 1;
  topic.replicationFactor = 1;
  for (const auto& [key, value] : configs) topic.configs.push_back({key, value});
  request.topics.push_back(topic);
  const auto response = WireClient(m_port).call(kCreateTopicsVersion, request);
  if (!response) return "no answer";
  const auto& created = std::get<protocol::CreateTopicsResponse>(*response).topics.at(0);
  if (created.errorCode != 0) return errorText(created.errorCode) + ' ' + text(created.errorMessage.value_or(""));

  return waitForLeader(name);
}

QString ProduceProbe::waitForLeader(const std::string& topic) const {
  QElapsedTimer timer;
  timer.start();
  while (timer.elapsed() < kPatienceMs) {
    protocol::MetadataRequest question;
    protocol::MetadataRequest::MetadataRequestTopic wanted;
    wanted.name = topic;
    question.topics.emplace().push_back(wanted);
    const auto answer = WireClient(m_port).call(kMetadataVersion, question);
    if (answer) {
      const auto& known = std::get<protocol::MetadataResponse>(*answer).topics.at(0);
      // A broker that is just back knows the topic a moment before it has taken up its logs.
      if (known.errorCode == 0 && known.partitions.at(0).leaderId > 0 && log(topic).startsWith("NONE")) return {};
    }
    QTest::qWait(kBetweenLooksMs);
  }
  return "no leader";
}

ProduceOutcome ProduceProbe::produce(const ProduceQuestion& question) const {
  protocol::ProduceRequest request;
  request.acks = question.acks;
  request.timeoutMs = 10'000;
  request.transactionalId = question.transactionalId;
  protocol::ProduceRequest::PartitionProduceData partition;
  partition.index = question.partition;
  if (question.records) partition.records = base::SharedBytes(*question.records);
  protocol::ProduceRequest::TopicProduceData data;
  data.name = question.topic;
  data.partitionData.push_back(partition);
  request.topicData.push_back(data);

  WireClient client(m_port);
  if (question.acks == 0) {
    client.send(protocol::encodeRequestFrame(question.version, 1, "wire-client", request));
    const bool goesOn = client.call(0, protocol::ApiVersionsRequest{}).has_value();
    return {goesOn ? "no answer, the connection goes on" : "the connection ends", {}};
  }
  const auto response = client.call(question.version, request);
  if (!response) return {"the connection ends", {}};
  const auto& answered = std::get<protocol::ProduceResponse>(*response);
  if (answered.responses.size() != 1 || answered.responses[0].partitionResponses.size() != 1)
    return {"an answer about other partitions", {}};
  const auto& answer = answered.responses[0].partitionResponses[0];
  ProduceOutcome outcome;
  outcome.facts = QString("%1, base offset %2, append time %3, log start %4, %5, records [")
                      .arg(errorText(answer.errorCode))
                      .arg(answer.baseOffset)
                      .arg(timeText(answer.logAppendTimeMs))
                      .arg(answer.logStartOffset)
                      .arg(answer.errorMessage ? "a sentence" : "no sentence");
  outcome.sentences = text(answer.errorMessage.value_or(""));
  for (const auto& record : answer.recordErrors) {
    outcome.facts +=
        QString(" %1%2").arg(record.batchIndex).arg(record.batchIndexErrorMessage ? "" : " (nothing said)");
    outcome.sentences +=
        QString("\n    %1: ").arg(record.batchIndex) + text(record.batchIndexErrorMessage.value_or(""));
  }
  outcome.facts += " ]";
  return outcome;
}

QString ProduceProbe::log(const std::string& topic) const {
  protocol::FetchRequest request;
  request.minBytes = 1;
  request.maxWaitMs = 0;
  protocol::FetchRequest::FetchPartition partition;
  partition.partitionMaxBytes = 16 * 1024 * 1024;
  protocol::FetchRequest::FetchTopic wanted;
  wanted.topic = topic;
  wanted.partitions.push_back(partition);
  request.topics.push_back(wanted);
  const auto response = WireClient(m_port).call(kFetchVersion, request);
  if (!response) return "no answer";
  const auto& fetched = std::get<protocol::FetchResponse>(*response).responses.at(0).partitions.at(0);
  QString said = QString("%1, high watermark %2\n").arg(errorText(fetched.errorCode)).arg(fetched.highWatermark);
  if (!fetched.records) return said;
  base::ByteView rest = fetched.records->view();
  while (!rest.empty()) {
    const log::BatchScan scan = log::scanBatch(rest, true);
    if (scan.end != log::BatchEnd::Complete) return said + "  not a batch: " + text(scan.reason);
    said += batchText(rest.first(scan.header.sizeInBytes), scan.header);
    rest = rest.subspan(scan.header.sizeInBytes);
  }
  return said;
}

QString ProduceProbe::initProducerId(std::optional<std::string> transactionalId, int64_t producerId,
                                     int16_t epoch) const {
  protocol::InitProducerIdRequest request;
  request.transactionalId = std::move(transactionalId);
  request.transactionTimeoutMs = 60'000;
  request.producerId = producerId;
  request.producerEpoch = epoch;
  QElapsedTimer timer;
  timer.start();
  while (timer.elapsed() < kPatienceMs) {
    const auto response = WireClient(m_port).call(kInitProducerIdVersion, request);
    if (!response) return "no answer";
    const auto& answer = std::get<protocol::InitProducerIdResponse>(*response);
    if (static_cast<base::ErrorCode>(answer.errorCode) != base::ErrorCode::COORDINATOR_LOAD_IN_PROGRESS)
      return QString("%1, producer %2, epoch %3")
          .arg(errorText(answer.errorCode))
          .arg(answer.producerId)
          .arg(answer.producerEpoch);
    QTest::qWait(kBetweenLooksMs);
  }
  return "no ids";
}

}  // namespace streamscope::conformance
