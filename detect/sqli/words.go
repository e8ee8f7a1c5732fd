package sqli

import "github.com/weirnode/weir/detect/lex"

// keyword tells keywords, functions and names apart that the grammar knows.
type keyword uint8

const (
	noKeyword keyword = iota
	cutOff            // a string without its end
	kwSelect
	kwUnion // UNION, EXCEPT, INTERSECT, MINUS
	kwFrom
	kwWhere
	kwOrder // ORDER, GROUP
	kwBy
	kwHaving
	kwLimit // LIMIT, OFFSET, FETCH
	kwTop
	kwInto
	kwOutfile
	kwProcedure
	kwAnalyse
	kwCase
	kwWhen
	kwThen // THEN, ELSE
	kwEnd
	kwNull // NULL, TRUE, FALSE, CURRENT_USER
	kwAll  // ALL, DISTINCT, ANY, SOME
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
	kwIsNull // ISNULL, NOTNULL
	kwIn
	kwBetween
	kwLike
	kwExists
	kwBegin
	kwIf
	kwGrant
	kwOver // OVER, FILTER, WITHIN
	kwFor
	kwWith
	kwCopy
	kwHandler
	kwLoad
	kwOther // other statement heads
	kwShow
	fnTime  // makes the database wait, under a name that means nothing else
	fnSleep // the same, but a common word
	fnGrave
	fnInfo
	fnPlain
	nmSystem
	nmGrave // xp_cmdshell and kin
)

// lookUp classes a lower-case word.
func lookUp(w []byte) (kind, keyword) {
	if len(w) <= short {
		if i := findShort(w); i >= 0 {
			return senses[i].kind, senses[i].key
		}
	}
	return lookUpAny(w)
}

// lookUpAny is lookUp for a word of any length.
func lookUpAny(w []byte) (kind, keyword) {
	if k, key := nested(w); k != name {
		return k, key
	}
	if !known.Has(w) {
		return name, catalogue(w)
	}
	if k, key := syntax(w); k != name {
		return k, key
	}
	if k, key := head(w); k != name {
		return k, key
	}
	return name, function(w)
}

// Lengths of a keyword inside of itself.
const (
	minNested = len("oorr")
	maxNested = 2 * len("truncate")
)

// nested reads a keyword inside of itself, for filters that take it out once: uniunionon.
func nested(w []byte) (kind, keyword) {
	n := len(w) / 2
	if len(w)&1 != 0 || len(w) < minNested || len(w) > maxNested {
		return name, 0
	}
	for i := 1; i < n; i++ {
		if w[i] != w[0] || w[n+i-1] != w[len(w)-1] || string(w[i:2*i]) != string(w[:i]) || string(w[2*i:n+i]) != string(w[n+i:]) {
			continue
		}
		if inner := w[i : n+i]; known.Has(inner) {
			if k, key := syntax(inner); k != name {
				return k, key
			}
			return head(inner)
		}
	}
	return name, 0
}

// mayNest reports whether a word of any case can be such a keyword: its first letter comes again in its
// first half.
func mayNest(w []byte) bool {
	if len(w)&1 != 0 || len(w) < minNested || len(w) > maxNested {
		return false
	}
	for _, c := range w[1 : len(w)/2] {
		if c|0x20 == w[0]|0x20 {
			return true
		}
	}
	return false
}

// nestedWord reports whether a word of any case is such a keyword.
func nestedWord(w []byte) bool {
	var buf [maxNested]byte
	if !mayNest(w) {
		return false
	}
	for i, c := range w {
		buf[i] = lex.Lower(c)
	}
	k, _ := nested(buf[:len(w)])
	return k != name
}

// syntax classes the words of expressions and queries.
func syntax(w []byte) (kind, keyword) {
	switch string(w) {
	case "and", "or", "xor":
		return logic, 0
	case "not":
		return not, 0
	case "like", "rlike", "regexp", "ilike", "glob", "similar", "sounds":
		return compare, kwLike
	case "is":
		return compare, kwIs
	case "in":
		return compare, kwIn
	case "between":
		return compare, kwBetween
	case "div", "mod", "collate", "escape", "uescape", "binary":
		return arith, noKeyword
	case "isnull", "notnull":
		return word, kwIsNull
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
	case "limit", "offset", "fetch":
		return word, kwLimit
	case "top":
		return word, kwTop
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
	case "when":
		return word, kwWhen
	case "then", "else":
		return word, kwThen
	case "end":
		return word, kwEnd
	case "all", "distinct", "distinctrow", "any", "some":
		return word, kwAll
	case "as":
		return word, kwAs
	case "asc", "desc":
		return word, kwAsc
	case "join", "inner", "outer", "natural", "cross", "straight_join":
		return word, kwJoin
	case "on", "using":
		return word, kwOn
	case "values":
		return word, kwValues
	case "exists":
		return word, kwExists
	case "if":
		return word, kwIf
	case "over", "filter", "within":
		return word, kwOver
	case "for", "placing", "separator":
		return word, kwFor
	}
	return name, 0
}

// head classes the words that begin statements, and what they work on.
func head(w []byte) (kind, keyword) {
	switch string(w) {
	case "insert", "replace":
		return word, kwInsert
	case "update":
		return word, kwUpdate
	case "set":
		return word, kwSet
	case "delete":
		return word, kwDelete
	case "drop", "create", "alter", "truncate", "rename":
		return word, kwDrop
	case "table", "database", "schema", "view", "index", "trigger", "function", "login", "role", "column", "tablespace", "extension":
		return word, kwObject
	case "exec", "execute", "call":
		return word, kwExec
	case "declare":
		return word, kwDeclare
	case "waitfor":
		return word, kwWaitfor
	case "shutdown":
		return word, kwShutdown
	case "begin":
		return word, kwBegin
	case "grant", "revoke":
		return word, kwGrant
	case "with":
		return word, kwWith
	case "copy":
		return word, kwCopy
	case "handler":
		return word, kwHandler
	case "load":
		return word, kwLoad
	case "show", "describe", "explain", "use":
		return word, kwShow
	case "merge", "backup", "restore", "attach", "vacuum", "pragma", "prepare", "analyze", "dbcc", "reconfigure", "lock", "kill", "do", "install", "unload", "runscript":
		return word, kwOther
	}
	return name, 0
}

// function classes a name that calls or asks for something of interest.
func function(w []byte) keyword {
	switch string(w) {
	case "delay", "time":
		return kwDelay
	case "sleep", "get_lock":
		return fnSleep
	case "pg_sleep", "pg_sleep_for", "pg_sleep_until", "benchmark", "randomblob", "zeroblob", "receive_message", "generate_series", "sleepeachrow", "system$wait":
		return fnTime
	case "load_file", "extractvalue", "updatexml", "lo_import", "lo_export", "lo_get", "lo_from_bytea", "dblink", "dblink_connect", "openrowset", "opendatasource", "openquery",
		"pg_read_file", "pg_read_binary_file", "pg_ls_dir", "pg_stat_file", "make_set", "elt", "gtid_subset", "gtid_subtract", "name_const", "polygon", "multipoint", "geometrycollection",
		"linestring", "multilinestring", "multipolygon", "exp", "json_keys", "xmltype", "dbms_xmlgen", "dbms_xmlquery", "ctxsys", "httpuritype", "utl_inaddr", "utl_http", "utl_file", "dbms_pipe", "dbms_lock",
		"dbms_session", "dbms_ldap", "dbms_utility", "load_extension", "fulltextcatalogproperty", "st_latfromgeohash", "st_longfromgeohash", "st_pointfromgeohash", "query_to_xml",
		"database_to_xml", "sys_eval", "sys_exec", "user_lock", "regexp_substring", "crypt_key", "has_dbaccess", "readfile", "writefile", "edit", "fts3_tokenizer", "xpath",
		"crdb_internal", "read_csv_auto", "read_text", "read_blob", "read_parquet", "read_json_auto", "read_ndjson_auto", "sniff_csv", "parquet_scan", "postgres_scan", "postgres_query", "sqlite_scan", "mysql_scan", "mysql_query", "link_schema", "file_read", "file_write", "csvread", "csvwrite", "java_method", "external_query",
		"fn_xe_file_target_read_file", "fn_get_audit_file", "fn_trace_gettable", "pg_reload_conf", "pg_terminate_backend", "lo_put", "lo_creat", "table_to_xml", "schema_to_xml", "cursor_to_xml", "database_to_xmlschema", "query_to_xmlschema", "query_to_xml_and_xmlschema", "sys_get", "sys_set", "lib_mysqludf_sys_info",
		"dblink_exec", "dblink_send_query", "pg_file_write", "lowrite", "lsdir", "fn_dblog", "fn_dump_dblog", "openxml", "xmlfile", "readclobfromfile", "install_jar", "aws_lambda", "aws_s3":
		return fnGrave
	case "version", "database", "current_database", "schema", "user", "user_name", "db_name", "host_name", "sqlite_version", "banner", "suser_name", "suser_sname", "is_srvrolemember",
		"is_member", "current_setting", "connection_id", "serverproperty", "pg_current_logfile", "inet_server_addr", "sys_context", "current_schema", "col_name", "object_id", "last_insert_id",
		"current_catalog", "current_account", "current_warehouse", "original_login", "pg_backend_pid", "inet_client_addr", "pg_postmaster_start_time", "sqlite_source_id", "sqlite_compileoption_get", "userenv",
		"db_id", "host_id", "app_name", "user_id", "object_name", "object_definition", "has_table_privilege", "has_database_privilege", "has_schema_privilege", "has_perms_by_name", "fn_my_permissions", "databaseproperty", "databasepropertyex", "current_role", "current_region", "current_version", "dbinfo", "h2version", "ora_hash", "inet_server_port", "get_ddl", "columnproperty", "pwdcompare", "is_used_lock", "suser_id", "suser_sid", "schema_name":
		return fnInfo
	case "char", "chr", "concat", "concat_ws", "group_concat", "string_agg", "listagg", "wm_concat", "substring", "substr", "mid", "ascii", "ord", "hex", "unhex", "cast", "convert", "conv", "length",
		"char_length", "len", "count", "quotename", "iif", "ifnull", "nullif", "coalesce", "rand", "row_count", "found_rows", "bin", "lower", "upper", "reverse", "instr", "locate", "position", "left", "right",
		"lpad", "rpad", "xmlelement", "unistr", "to_char", "rownum", "array_to_string", "table_name", "nvl", "decode", "bitand", "unicode", "md5", "sha1", "floor", "ntile", "regexp_instr",
		"json_extract", "json_search", "json_array", "json_depth", "json_object", "json_value", "json_array_elements", "jsonb_pretty", "printf", "typeof", "strcmp", "space", "repeat", "greatest", "least",
		"row", "overlay", "encode", "starts_with", "string_to_array", "unnest", "array_agg", "now", "field", "interval", "soundex", "to_base64", "from_base64", "aes_encrypt", "compress", "uuid", "match":
		return fnPlain
	case "information_schema", "sysobjects", "syscolumns", "sysdatabases", "pg_catalog", "pg_tables", "pg_user", "pg_shadow", "pg_roles", "pg_database", "pg_proc", "sqlite_master", "sqlite_schema", "sqlite_temp_master",
		"all_tables", "all_users", "all_tab_columns", "user_tables", "user_tab_columns", "dba_users", "dba_tables", "sys", "msysobjects", "msysaccessobjects", "pg_class", "v$version", "v$instance", "sysibm", "syscat", "dual",
		"sysmaster", "systables", "domain.domains", "domain.columns", "sysusers", "sysibmadm", "syspaghdr", "rdb$relations", "rdb$database", "rdb$fields", "rdb$types", "rdb$functions", "innodb_table_stats", "table_schema", "schemata",
		"account_usage", "sqlite_temp_schema", "sqlite_dbpage", "sysproc", "sysfun", "v_catalog", "v_monitor":
		return nmSystem
	case "xp_cmdshell", "xp_dirtree", "xp_fileexist", "xp_regread", "xp_regwrite", "xp_subdirs", "sp_oacreate", "sp_oamethod", "sp_executesql", "sp_configure", "sp_password", "sp_makewebtask", "sp_addextendedproc",
		"xp_servicecontrol", "sp_addlogin", "sp_adduser", "sp_addsrvrolemember", "sp_start_job", "xp_availablemedia", "xp_enumdsn", "xp_loginconfig", "xp_makecab", "xp_ntsec_enumdomains", "xp_terminate_process":
		return nmGrave
	}
	return catalogue(w)
}

// familiar reports whether a name of any case can be one of catalogue.
func familiar(w []byte) bool {
	return len(w) > 5 && (w[2] == '_' || w[3] == '_' || w[3] == '$' || w[4] == '_')
}

// catalogue knows families of tables by how their names begin.
func catalogue(w []byte) keyword {
	if len(w) > 5 && w[2] == '_' && w[0] == 'p' && w[1] == 'g' || len(w) > 6 && string(w[:4]) == "dba_" {
		return nmSystem
	}
	if len(w) > 6 && (string(w[:5]) == "dbms_" || string(w[:4]) == "utl_") { // packages of Oracle
		return fnGrave
	}
	if len(w) > 5 && (string(w[:4]) == "rdb$" || string(w[:4]) == "mon$" || string(w[:4]) == "stl_" || string(w[:4]) == "svv_" || string(w[:4]) == "stv_") { // of Firebird, of Redshift
		return nmSystem
	}
	return 0
}
