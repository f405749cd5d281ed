;;         la s0, array
;;         li s1, 100
;; again:  ld t0, 0(s0)
;;         add s2, s2, t0
;;         addi s1, s1, -1
;;         bnez s1, again
;;         ebreak
;;         .data
;;         .align 3
;; array:  .dword 7
(module
  (type (;0;) (func (param i32 i32) (result i64 i32)))
  (type (;1;) (func (param i64 i32 i32 i64 i64 i32) (result i64 i32)))
  (type (;2;) (func (param i64 i64 i32) (result i64)))
  (type (;3;) (func (param i64 i32) (result i64)))
  (type (;4;) (func (param i64 i64 i64 i32) (result i64)))
  (type (;5;) (func (param i64 i32 i32) (result i64)))
  (type (;6;) (func (param i64) (result i64)))
  (import "host" "memory" (memory (;0;) 2090 2090))
  (import "host" "own" (table (;0;) 0 funcref))
  (func (;0;) (type 0) (param i32 i32) (result i64 i32)
    (local i64 i64 i32 i32 i64 i64 i64 i64)
    (if  ;; label = @1
      (i32.lt_s
        (i32.or
          (i32.sub
            (local.get 0)
            (i32.const 16))
          (local.get 1))
        (i32.const 0))
      (then
        (i32.store
          (i32.const 3076)
          (i32.const 0))
        (return
          (i64.or
            (i64.const 65548)
            (i64.extend_i32_u
              (i32.lt_s
                (local.get 0)
                (i32.const 16))))
          (local.get 0))))
    (local.set 6
      (i64.load
        (i32.const 40)))
    (local.set 7
      (i64.load
        (i32.const 64)))
    (local.set 8
      (i64.load
        (i32.const 72)))
    (local.set 9
      (i64.load
        (i32.const 144)))
    (loop  ;; label = @1
      (block  ;; label = @2
        (if  ;; label = @3
          (i64.gt_u
            (i64.add
              (local.get 7)
              (i64.const -65536))
            (i64.const 8184))
          (then
            (i64.store
              (i32.const 40)
              (local.get 6))
            (i64.store
              (i32.const 72)
              (local.get 8))
            (i64.store
              (i32.const 144)
              (local.get 9))
            (i32.store
              (i32.const 3076)
              (i32.const 1))
            (return
              (i64.const 65549)
              (local.get 0))))
        (local.set 6
          (i64.load offset=19464192
            (i32.wrap_i64
              (local.get 7))))
        (local.set 9
          (i64.add
            (local.get 9)
            (local.get 6)))
        (local.set 8
          (i64.add
            (local.get 8)
            (i64.const -1)))
        (if  ;; label = @3
          (i64.ne
            (local.get 8)
            (i64.const 0))
          (then
            (local.set 6
              (i64.load offset=19464192
                (i32.wrap_i64
                  (local.get 7))))
            (local.set 9
              (i64.add
                (local.get 9)
                (local.get 6)))
            (local.set 8
              (i64.add
                (local.get 8)
                (i64.const -1)))
            (if  ;; label = @4
              (i64.ne
                (local.get 8)
                (i64.const 0))
              (then
                (local.set 6
                  (i64.load offset=19464192
                    (i32.wrap_i64
                      (local.get 7))))
                (local.set 9
                  (i64.add
                    (local.get 9)
                    (local.get 6)))
                (local.set 8
                  (i64.add
                    (local.get 8)
                    (i64.const -1)))
                (if  ;; label = @5
                  (i64.ne
                    (local.get 8)
                    (i64.const 0))
                  (then
                    (local.set 6
                      (i64.load offset=19464192
                        (i32.wrap_i64
                          (local.get 7))))
                    (local.set 9
                      (i64.add
                        (local.get 9)
                        (local.get 6)))
                    (local.set 8
                      (i64.add
                        (local.get 8)
                        (i64.const -1)))
                    (if  ;; label = @6
                      (i64.ne
                        (local.get 8)
                        (i64.const 0))
                      (then
                        (local.set 0
                          (i32.sub
                            (local.get 0)
                            (i32.const 16)))
                        (if  ;; label = @7
                          (i32.lt_s
                            (local.get 0)
                            (i32.const 16))
                          (then
                            (i64.store
                              (i32.const 40)
                              (local.get 6))
                            (i64.store
                              (i32.const 72)
                              (local.get 8))
                            (i64.store
                              (i32.const 144)
                              (local.get 9))
                            (i32.store
                              (i32.const 3076)
                              (i32.const 0))
                            (return
                              (i64.const 65549)
                              (local.get 0))))
                        (br 5 (;@1;)))
                      (else
                        (br 4 (;@2;)))))
                  (else
                    (local.set 0
                      (i32.sub
                        (local.get 0)
                        (i32.const -4)))
                    (br 3 (;@2;)))))
              (else
                (local.set 0
                  (i32.sub
                    (local.get 0)
                    (i32.const -8)))
                (br 2 (;@2;)))))
          (else
            (local.set 0
              (i32.sub
                (local.get 0)
                (i32.const -12)))
            (br 1 (;@2;)))))
      (i64.store
        (i32.const 40)
        (local.get 6))
      (i64.store
        (i32.const 72)
        (local.get 8))
      (i64.store
        (i32.const 144)
        (local.get 9))
      (i32.store
        (i32.const 3076)
        (i32.const 4))
      (return
        (i64.const 65565)
        (i32.sub
          (local.get 0)
          (i32.const 16))))
    (unreachable))
  (export "region0" (func 0)))
