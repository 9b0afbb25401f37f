#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/virtual_time.h"

namespace streamscope::app {

/// Lines of cells below each other, each column as wide as its widest cell; numbers stand to the right.
class TextColumns {
 public:
  void addRow(std::vector<std::string> cells) { m_rows.push_back(std::move(cells)); }
  std::vector<std::string> lines() const;

 private:
  std::vector<std::vector<std::string>> m_rows;
};

/// "2023-11-14 22:13:20.000", in UTC; "no time" for -1 and below.
std::string shownTime(base::TimestampMs timestamp);

/// "text" when the bytes are, else 0x hexadecimal; cut when it is long; "null".
std::string shownBytes(const std::optional<base::Bytes>& bytes);

}  // namespace streamscope::app
