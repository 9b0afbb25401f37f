#include "protocol/describe.h"

#include <cctype>
#include <string_view>

#include "field_describer.h"

namespace streamscope::protocol {

namespace {

/// "PartitionChangeRecord" -> "PARTITION_CHANGE_RECORD".
std::string upperSnake(std::string_view name) {
  std::string text;
  for (const char character : name) {
    const auto code = static_cast<unsigned char>(character);
    if (std::isupper(code) != 0 && !text.empty()) text += '_';
    text += static_cast<char>(std::toupper(code));
  }
  return text;
}

std::string describeRecord(const std::string& type, int16_t version, const std::string& data) {
  return "{\"type\":\"" + type + "\",\"version\":" + std::to_string(version) + ",\"data\":" + data + '}';
}

std::string controlTypeName(const LeaderChangeMessage&) {
  return "LEADER_CHANGE";
}
std::string controlTypeName(const SnapshotHeaderRecord&) {
  return "SNAPSHOT_HEADER";
}
std::string controlTypeName(const SnapshotFooterRecord&) {
  return "SNAPSHOT_FOOTER";
}
std::string controlTypeName(const EndTxnMarker& marker) {
  return marker.isCommit ? "COMMIT" : "ABORT";
}
std::string controlTypeName(const KRaftVersionRecord&) {
  return "KRAFT_VERSION";
}
std::string controlTypeName(const VotersRecord&) {
  return "KRAFT_VOTERS";
}

}  // namespace

std::string describe(const RequestBody& body, int16_t version) {
  return std::visit([&](const auto& message) { return describeFields(message, {version, BytesForm::Size}); }, body);
}

std::string describe(const ResponseBody& body, int16_t version) {
  return std::visit([&](const auto& message) { return describeFields(message, {version, BytesForm::Size}); }, body);
}

std::string describe(const MetadataRecord& record, int16_t version) {
  return std::visit(
      [&]<class Record>(const Record& body) {
        return describeRecord(upperSnake(Record::kInfo.name), version,
                              describeFields(body, {version, BytesForm::Base64}));
      },
      record);
}

std::string describe(const ControlRecord& record) {
  return std::visit(
      [](const auto& body) {
        return describeRecord(controlTypeName(body), body.version,
                              describeFields(body, {body.version, BytesForm::Base64}));
      },
      record);
}

}  // namespace streamscope::protocol
