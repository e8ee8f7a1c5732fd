package sqli

// keyword tells keywords, functions and names apart that the grammar knows.
type keyword uint8

const (
	noKeyword keyword = iota
	cutOff            // a string without its end
	kwSelect
	kwUnion
	kwFrom
	kwWhere
	kwOrder // ORDER, GROUP
	kwBy
	kwHaving
	kwLimit // LIMIT, OFFSET, FETCH, TOP, ROWNUM
	kwInto
	kwOutfile
	kwProcedure
	kwAnalyse
	kwCase
	kwWhen // WHEN, THEN, ELSE
	kwEnd
	kwNull // NULL, TRUE, FALSE, DEFAULT
	kwAll  // ALL, DISTINCT, DISTINCTROW
	kwAs
	kwAsc // ASC, DESC
	kwJoin
	kwOn
	kwInsert
	kwUpdate
	kwSet
	kwDelete
	kwDrop // DROP, CREATE, ALTER, TRUNCATE
	kwObject
	kwExec
	kwDeclare
	kwWaitfor
	kwDelay
	kwValues
	kwShutdown
	kwIs
	kwIn
	kwBetween
	kwLike
	kwExists
	kwBegin
	kwIf
	kwGrant
	kwMerge // other statement heads
	fnTime
	fnGrave
	fnInfo
	nmSystem
	nmGrave // xp_cmdshell and kin
)

// lookUp classes a lower-case word.
func lookUp(w []byte) (kind, keyword) {
	switch string(w) {
	case "and", "or", "xor":
		return logic, 0
	case "not":
		return not, 0
	case "like", "rlike", "regexp", "ilike", "glob", "similar", "sounds", "match":
		return compare, kwLike
	case "is":
		return compare, kwIs
	case "in":
		return compare, kwIn
	case "between":
		return compare, kwBetween
	case "div", "mod", "collate", "escape", "binary":
		return arith, 0
	case "null", "true", "false", "unknown", "current_user", "session_user", "system_user", "current_timestamp", "current_date", "sysdate":
		return word, kwNull
	case "select":
		return word, kwSelect
	case "union", "except", "intersect", "minus":
		return word, kwUnion
	case "from":
		return word, kwFrom
	case "where":
		return word, kwWhere
	case "order", "group":
		return word, kwOrder
	case "by":
		return word, kwBy
	case "having":
		return word, kwHaving
	case "limit", "offset", "fetch", "top":
		return word, kwLimit
	case "into":
		return word, kwInto
	case "outfile", "dumpfile":
		return word, kwOutfile
	case "procedure":
		return word, kwProcedure
	case "analyse":
		return word, kwAnalyse
	case "case":
		return word, kwCase
	case "when", "then", "else":
		return word, kwWhen
	case "end":
		return word, kwEnd
	case "all", "distinct", "distinctrow":
		return word, kwAll
	case "as":
		return word, kwAs
	case "asc", "desc":
		return word, kwAsc
	case "join", "inner", "outer", "natural", "cross":
		return word, kwJoin
	case "on", "using":
		return word, kwOn
	case "insert", "replace":
		return word, kwInsert
	case "update":
		return word, kwUpdate
	case "set":
		return word, kwSet
	case "delete":
		return word, kwDelete
	case "drop", "create", "alter", "truncate":
		return word, kwDrop
	case "table", "database", "schema", "view", "index", "trigger", "function", "login", "user", "role", "column":
		if string(w) == "user" {
			return name, fnInfo
		}
		return word, kwObject
	case "exec", "execute", "call":
		return word, kwExec
	case "declare":
		return word, kwDeclare
	case "waitfor":
		return word, kwWaitfor
	case "delay", "time":
		return name, kwDelay
	case "values":
		return word, kwValues
	case "shutdown":
		return word, kwShutdown
	case "exists":
		return word, kwExists
	case "begin":
		return word, kwBegin
	case "if":
		return word, kwIf
	case "grant", "revoke":
		return word, kwGrant
	case "merge", "handler", "rename", "backup", "restore", "copy", "attach", "vacuum", "pragma", "desc_table", "show", "explain":
		return word, kwMerge
	}
	return name, function(w)
}

// function classes a name that calls or asks for something of interest.
func function(w []byte) keyword {
	switch string(w) {
	case "sleep", "pg_sleep", "benchmark", "randomblob", "zeroblob", "receive_message", "generate_series", "regexp_instr":
		return fnTime
	case "load_file", "extractvalue", "updatexml", "lo_import", "lo_export", "dblink", "dblink_connect", "openrowset", "opendatasource", "openquery",
		"pg_read_file", "pg_ls_dir", "make_set", "elt", "gtid_subset", "gtid_subtract", "name_const", "polygon", "multipoint", "geometrycollection",
		"exp", "json_keys", "xmltype", "dbms_xmlgen", "ctxsys", "httpuritype", "utl_inaddr", "utl_http", "dbms_pipe", "dbms_lock", "dbms_ldap", "load_extension",
		"ntile", "floor", "st_latfromgeohash", "query_to_xml", "fulltextcatalogproperty", "st_x", "sys_eval", "sys_exec", "user_lock":
		return fnGrave
	case "version", "database", "current_database", "schema", "session_user", "system_user", "current_user", "user_name", "db_name", "host_name", "char",
		"chr", "concat", "concat_ws", "group_concat", "string_agg", "substring", "substr", "mid", "ascii", "ord", "hex", "unhex", "cast", "convert", "conv", "length", "count",
		"sqlite_version", "banner", "suser_name", "is_srvrolemember", "quotename", "current_setting", "iif", "ifnull", "nullif", "coalesce", "rand", "row_count", "found_rows", "connection_id",
		"bin", "lower", "upper", "reverse", "instr", "position", "left", "right", "xmlelement", "unistr", "to_char", "rownum", "array_to_string", "table_name":
		return fnInfo
	case "information_schema", "sysobjects", "syscolumns", "sysdatabases", "pg_catalog", "pg_tables", "pg_user", "pg_shadow", "sqlite_master", "sqlite_schema",
		"all_tables", "all_users", "user_tables", "dba_users", "sys", "msysobjects", "pg_class", "v$version", "sysibm", "syscat", "dual", "domain", "domains", "sysusers", "rdb$relations", "rdb$database", "rdb$fields":
		return nmSystem
	case "xp_cmdshell", "xp_dirtree", "xp_fileexist", "xp_regread", "xp_regwrite", "xp_subdirs", "sp_oacreate", "sp_oamethod", "sp_executesql", "sp_configure", "sp_password", "sp_makewebtask", "sp_addextendedproc", "xp_servicecontrol":
		return nmGrave
	}
	return 0
}
