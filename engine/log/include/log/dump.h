#pragma once

// What is in the files of a log directory, for people who look into them. Nothing here changes a file, and no file is
// too damaged: what can be read is told, then what is wrong and where.

#include "log/dump_file_kind.h"
#include "log/dump_index.h"
#include "log/dump_segment.h"
#include "log/dump_table.h"
