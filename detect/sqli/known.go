package sqli

import "github.com/weirnode/weir/detect/lex"

// known holds every word of the switches in words.go: most words of text are none of
// them, and it says so at once. A test reads words.go to keep it complete.
var known = lex.NewWords(knownWords)

const knownWords = "aes_encrypt all all_tab_columns all_tables all_users alter analyse analyze and any array_agg array_to_string as asc ascii attach backup banner begin " +
	"benchmark between bin binary bitand by call case cast char char_length chr coalesce col_name collate column compress concat concat_ws connection_id " +
	"conv convert copy count create cross crypt_key ctxsys current_database current_date current_schema current_setting current_timestamp current_user " +
	"database database_to_xml db_name dba_ dba_tables dba_users dbcc dblink dblink_connect dbms_ldap dbms_lock dbms_pipe dbms_session dbms_utility " +
	"dbms_xmlgen dbms_xmlquery declare decode delay delete desc describe distinct distinctrow div do domain.columns domain.domains drop dual dumpfile edit " +
	"else elt encode end escape except exec execute exists exp explain extension extractvalue false fetch field filter floor for found_rows from " +
	"from_base64 fts3_tokenizer fulltextcatalogproperty function generate_series geometrycollection get_lock glob grant greatest group group_concat gtid_subset " +
	"gtid_subtract handler has_dbaccess having hex host_name httpuritype if ifnull iif ilike in index inet_server_addr information_schema inner " +
	"innodb_table_stats insert instr intersect interval into is is_member is_srvrolemember isnull join json_array json_array_elements json_depth " +
	"json_extract json_keys json_object json_search json_value jsonb_pretty kill last_insert_id least left len length like limit linestring listagg " +
	"lo_export lo_from_bytea lo_get lo_import load load_extension load_file locate lock login lower lpad make_set match md5 merge mid minus mod " +
	"msysaccessobjects msysobjects multilinestring multipoint multipolygon name_const natural not notnull now ntile null nullif nvl object_id offset on " +
	"opendatasource openquery openrowset or ord order outer outfile over overlay pg_catalog pg_class pg_current_logfile pg_database pg_ls_dir pg_proc " +
	"pg_read_binary_file pg_read_file pg_roles pg_shadow pg_sleep pg_sleep_for pg_sleep_until pg_stat_file pg_tables pg_user placing polygon position " +
	"pragma prepare printf procedure query_to_xml quotename rand randomblob rdb$database rdb$fields rdb$functions rdb$relations rdb$types readfile " +
	"receive_message reconfigure regexp regexp_instr regexp_substring rename repeat replace restore reverse revoke right rlike role row row_count rownum " +
	"rpad schema schemata select separator serverproperty session_user set sha1 show shutdown similar sleep some soundex sounds sp_addextendedproc " +
	"sp_addlogin sp_addsrvrolemember sp_adduser sp_configure sp_executesql sp_makewebtask sp_oacreate sp_oamethod sp_password sp_start_job space " +
	"sqlite_master sqlite_schema sqlite_temp_master sqlite_version st_latfromgeohash st_longfromgeohash st_pointfromgeohash starts_with straight_join " +
	"strcmp string_agg string_to_array substr substring suser_name suser_sname sys sys_context sys_eval sys_exec syscat syscolumns sysdatabases sysdate " +
	"sysibm sysibmadm sysmaster sysobjects syspaghdr systables system_user sysusers table table_name table_schema tablespace then time to_base64 to_char " +
	"top trigger true truncate typeof uescape unhex unicode union unistr unknown unnest update updatexml upper use user user_lock user_name " +
	"user_tab_columns user_tables using utl_file utl_http utl_inaddr uuid v$instance v$version vacuum values version view waitfor when where with within " +
	"wm_concat writefile xmlelement xmltype xor xp_availablemedia xp_cmdshell xp_dirtree xp_enumdsn xp_fileexist xp_loginconfig xp_makecab " +
	"xp_ntsec_enumdomains xp_regread xp_regwrite xp_servicecontrol xp_subdirs xp_terminate_process xpath zeroblob " +
	"csvread csvwrite external_query file_read file_write fn_get_audit_file fn_trace_gettable fn_xe_file_target_read_file java_method link_schema lo_creat lo_put mysql_query mysql_scan parquet_scan pg_reload_conf pg_terminate_backend postgres_query postgres_scan read_blob read_csv_auto read_json_auto read_ndjson_auto read_parquet read_text schema_to_xml sniff_csv sqlite_scan table_to_xml " +
	"account_usage crdb_internal current_account current_catalog current_warehouse cursor_to_xml database_to_xmlschema inet_client_addr install lib_mysqludf_sys_info original_login pg_backend_pid pg_postmaster_start_time query_to_xml_and_xmlschema query_to_xmlschema runscript sleepeachrow sqlite_compileoption_get sqlite_dbpage sqlite_source_id sqlite_temp_schema sys_get sys_set sysfun sysproc system$wait unload userenv v_catalog v_monitor " +
	"db_id host_id app_name user_id object_name object_definition has_table_privilege has_database_privilege has_schema_privilege has_perms_by_name fn_my_permissions databaseproperty databasepropertyex current_role current_region current_version dbinfo h2version ora_hash inet_server_port get_ddl columnproperty pwdcompare is_used_lock suser_id suser_sid schema_name dblink_exec dblink_send_query pg_file_write lowrite lsdir fn_dblog fn_dump_dblog openxml xmlfile readclobfromfile install_jar aws_lambda aws_s3"
