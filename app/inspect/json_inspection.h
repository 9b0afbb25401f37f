#pragma once

#include <cstdio>

#include "inspect/inspection_form.h"
#include "inspect/json_writer.h"

namespace streamscope::app {

/// One JSON document; app/inspect/README.md describes it.
class JsonInspection : public InspectionForm {
 public:
  JsonInspection(const InspectOptions& options, std::FILE* out) : m_options(options), m_json(out) {}

  void begin() override;
  void beginFile(const InspectedFile& file) override;
  void addBatch(const InspectedFile& file, const log::DumpedBatch& batch) override;
  void finishSegment(const log::SegmentDump& dump) override;
  void addOffsetIndex(const log::OffsetIndexDump& dump) override;
  void addTimeIndex(const log::TimeIndexDump& dump) override;
  void addTransactionIndex(const log::TransactionIndexDump& dump) override;
  void addTable(const log::TableDump& dump) override;
  void endFile(const std::vector<log::DumpProblem>& problems) override;
  void end(uint64_t fileCount, uint64_t problemCount) override;

 private:
  void addHeader(const log::DumpedBatch& batch);
  void addRecord(const InspectedFile& file, const log::DumpedBatch& batch, const log::DumpedRecord& record);
  void addRecordMetadata(const log::DumpedRecord& record);
  void addDecoded(const InspectedFile& file, const log::DumpedBatch& batch, const log::DumpedRecord& record);
  void addFields(const std::vector<log::DumpedField>& fields);
  void beginEntries(size_t count, uint64_t paddingBytes);

  const InspectOptions& m_options;
  JsonWriter m_json;
};

}  // namespace streamscope::app
